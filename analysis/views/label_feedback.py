"""The page on which people say that a label is wrong for a stretch."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from analysis.models import LabelFeedback, Modality, ModalityResult
from analysis.selectors import run_latest_succeeded
from analysis.selectors.label_corrections import said_of
from analysis.services.label_feedback import label_feedback_add, label_feedback_remove
from analysis.timelines import TimelinesError
from interviews.errors import Refusal
from interviews.formatting import clock_parse
from interviews.models import AuditEntry, User
from interviews.selectors import get_interview
from interviews.selectors.policy import interview_policy
from interviews.selectors.scorecards import readings_locked
from interviews.services.audit import audit_view


class MomentField(forms.CharField):
    def clean(self, value: Any) -> float:
        moment = clock_parse(super().clean(value))
        if moment is None:
            raise ValidationError("Write the time as minutes:seconds, such as 1:05.5.")
        return moment


class LabelFeedbackForm(forms.Form):
    start_s = MomentField(label="From (minutes:seconds)")
    end_s = MomentField(label="To")
    label_right = forms.ChoiceField(label="What it is", required=False)
    comment = forms.CharField(label="Comment", required=False, max_length=500)

    def __init__(self, *args: Any, labels: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["label_right"])
        field.choices = [("", "Only: not what was read"), *((label, label.replace("_", " ")) for label in labels)]


@login_required
def label_feedback(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Feedback on the latest report, with a form for one modality (``?modality=``). ``do``: remove."""
    user = cast(User, request.user)
    interview = get_interview(user, interview_id)
    policy = interview_policy(interview=interview)
    if not policy.shows_organization:
        return redirect("interview_detail", interview_id=interview.pk)
    if readings_locked(interview=interview, user=user):
        return redirect("scorecard", interview_id=interview.pk)
    given = LabelFeedback.objects.filter(recording__interview=interview).select_related("author")
    if request.method == "POST" and request.POST.get("do") == "remove":
        try:
            label_feedback_remove(feedback=get_object_or_404(given, pk=_posted_id(request)), by=user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect(request.get_full_path())
    run = run_latest_succeeded(interview=interview)
    if run is not None:
        audit_view(action=AuditEntry.Action.REPORT_VIEWED, by=user, interview=interview, what=run.pk, run=run.pk)
    read = ModalityResult.objects.filter(run=run, available=True, modality__in=policy.modalities)
    results = {result.modality: result for result in read}
    modality = request.GET.get("modality") or next(iter(results), "")
    form = None
    if run is not None and modality in results:
        sent = request.POST if request.method == "POST" else None
        form = LabelFeedbackForm(sent, labels=list(results[modality].shares))
        if request.method == "POST" and form.is_valid():
            try:
                label_feedback_add(run=run, by=user, modality=modality, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            except TimelinesError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "Kept. The readings stay as they are.")
                return redirect(request.get_full_path())
    shown = [row for row in given if row.modality in results]
    context = {
        "interview": interview,
        "modality": modality,
        "modalities": [(key, Modality(key).label) for key in Modality.values if key in results],
        "form": form,
        "rows": [(row, said_of(row)) for row in shown],
    }
    return render(request, "analysis/label_feedback.html", context)


def _posted_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("feedback", ""))
    except ValueError as error:
        raise Http404 from error
