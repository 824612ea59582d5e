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
from analysis.services import results_prune, upload_agreed
from interviews.models import Interview, RuleRecord, User
from interviews.policy import Jurisdiction, Purpose
from interviews.selectors import get_changeable_interview
from interviews.selectors.duties import interview_duties
from interviews.selectors.policy import interview_erased_at, interview_hold, interview_policy
from interviews.services.duties import can_waive, rule_record
from interviews.services.evidence import ENDINGS
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


class RecordForm(forms.Form):
    rule = forms.CharField(max_length=64, widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=RuleRecord.Kind.choices)
    on = forms.DateField(label="Done on", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    words = forms.CharField(
        label="What shows it, or why you go on",
        required=False,
        max_length=500,
        help_text="For instance where the signed paper is. The log keeps reasons.",
    )
    file = forms.FileField(label="The signed paper, as a file", required=False, help_text=", ".join(ENDINGS))


@login_required
def interview_purpose(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """What is no longer allowed is erased at once, and told before."""
    user = cast(User, request.user)
    interview = get_changeable_interview(user, interview_id)
    sent = request.POST if request.method == "POST" else None
    shown = {"purpose": interview.purpose, "candidate_jurisdiction": interview.candidate_jurisdiction}
    is_record = request.method == "POST" and request.POST.get("do") == "record"
    form = PurposeForm(None if is_record else sent, initial=shown)
    record = RecordForm(request.POST, request.FILES) if is_record else RecordForm()
    if is_record and record.is_valid() and _record(request, interview, record):
        return redirect("interview_purpose", interview_id=interview.pk)
    if form.is_bound and form.is_valid():
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
        "duties": [(duty, _form_of(duty.rule.id, record)) for duty in interview_duties(interview=interview)],
        "can_waive": can_waive(user, interview),
        "erased_at": interview_erased_at(interview=interview, policy=policy),
        "hold": interview_hold(interview=interview),
    }
    return render(request, "analysis/interview_purpose.html", context)


def _form_of(rule: str, sent: RecordForm) -> RecordForm:
    """The form of a rule: as it was sent, if it was."""
    is_sent = sent.is_bound and sent.data.get("rule") == rule
    return sent if is_sent else RecordForm(initial={"rule": rule}, auto_id=f"{rule}_%s")


def _record(request: HttpRequest, interview: Interview, form: RecordForm) -> bool:
    """Whether it is stored; errors stand at the form."""
    user = cast(User, request.user)
    try:
        with transaction.atomic():
            rule_record(interview=interview, by=user, **form.cleaned_data)
            erased = results_prune(interview=interview)
            begun = upload_agreed(interview=interview, by=user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    told = " The analysis is queued." if begun else f" {erased} results were erased." if erased else ""
    messages.success(request, f"Stored.{told}")
    return True
