"""The page on which an interview's candidate, position and owner are corrected."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from interviews.models import Interview, Position, User
from interviews.selectors import get_changeable_interview
from interviews.selectors.people import owners_possible
from interviews.services.editing import interview_change


class InterviewForm(forms.Form):
    candidate_name = forms.CharField(label="Candidate's name", required=False)
    candidate_email = forms.CharField(
        label="E-mail address", required=False, widget=forms.TextInput(attrs={"type": "email"})
    )
    everywhere = forms.BooleanField(label="Also in their other interviews", required=False)
    position = forms.CharField(
        label="Position", required=False, widget=forms.TextInput(attrs={"list": "positions", "autocomplete": "off"})
    )
    owner = forms.ModelChoiceField(label="Owner", queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args: Any, interview: Interview, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = cast("forms.ModelChoiceField[User]", self.fields["owner"])
        owner.queryset = owners_possible(interview=interview)
        others = interview.candidate.interviews.exclude(pk=interview.pk)
        # Where some of them belong to colleagues whose interviews one does not see, one does not change them.
        if not others.exists() or others.exclude(pk__in=Interview.objects.visible_to(user)).exists():
            del self.fields["everywhere"]


@login_required
def interview_edit(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    user = cast(User, request.user)
    interview = get_changeable_interview(user, interview_id)
    shown = {
        "candidate_name": interview.candidate.name,
        "candidate_email": interview.candidate.email,
        "position": interview.position.title if interview.position else "",
        "owner": interview.owner,
        "everywhere": True,
    }
    sent = request.POST if request.method == "POST" else None
    form = InterviewForm(sent, initial=shown, interview=interview, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            interview_change(interview=interview, by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "The interview is changed.")
            return redirect("interview_detail", interview_id=interview.pk)
    context = {"interview": interview, "form": form, "positions": Position.objects.visible_to(user)}
    return render(request, "interviews/interview_edit.html", context)
