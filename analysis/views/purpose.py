"""The page on which is said what an interview is for and where its candidate is."""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from analysis.reporting.left_out import left_out_json
from analysis.services import results_prune
from interviews.models import User
from interviews.policy import Jurisdiction, Purpose
from interviews.selectors import get_changeable_interview
from interviews.selectors.policy import interview_erased_at, interview_hold, interview_policy
from interviews.services.policy import interview_purpose_set


class PurposeForm(forms.Form):
    purpose = forms.ChoiceField(label="What is this interview for?", choices=Purpose.choices)
    candidate_jurisdiction = forms.ChoiceField(
        label="Where is the candidate?",
        choices=Jurisdiction.choices,
        help_text="Where they live, or will work. The law of that place applies beside that of your own.",
    )
    reason = forms.CharField(
        label="Why it is changed",
        required=False,
        max_length=500,
        help_text="Needed where more is allowed than before. The log keeps it.",
    )


@login_required
def interview_purpose(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """What is no longer allowed is erased at once, and told before."""
    user = cast(User, request.user)
    interview = get_changeable_interview(user, interview_id)
    sent = request.POST if request.method == "POST" else None
    shown = {"purpose": interview.purpose, "candidate_jurisdiction": interview.candidate_jurisdiction}
    form = PurposeForm(sent, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                interview_purpose_set(interview=interview, by=user, **form.cleaned_data)
                erased = results_prune(interview=interview)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            told = f" {erased} results that it does not allow were erased." if erased else ""
            messages.success(request, f"The purpose is stored.{told}")
            return redirect("interview_detail", interview_id=interview.pk)
    policy = interview_policy(interview=interview)
    context = {
        "interview": interview,
        "form": form,
        "policy": policy,
        "left_out": left_out_json(policy),
        "erased_at": interview_erased_at(interview=interview, policy=policy),
        "hold": interview_hold(interview=interview),
    }
    return render(request, "analysis/interview_purpose.html", context)
