"""The pages of retention: what candidates asked for, what is on hold, and until when interviews are kept."""

from datetime import datetime, time
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from analysis.services import interview_erase
from interviews.errors import Refusal
from interviews.models import AuditEntry, CandidateRequest, Interview, LegalHold, Organization, User
from interviews.reauthentication import password_required
from interviews.selectors.holds import held_counts, held_document
from interviews.selectors.people import workplace_of
from interviews.selectors.policy import interview_erased_at, interview_hold, interviews_policies
from interviews.services.audit import audit_append
from interviews.services.holds import hold_end, hold_set

PER_PAGE = 50


class HoldForm(forms.Form):
    reason = forms.CharField(label="Why it must be kept", max_length=500, required=False)
    until = forms.DateField(label="Until the end of", widget=forms.DateInput(attrs={"type": "date"}))


@password_required
def retention(request: HttpRequest) -> HttpResponse:
    """Open requests and holds, and every interview, those that are erased first on top."""
    organization = kept_by(request)
    interviews = Interview.objects.filter(organization=organization).select_related("candidate", "organization")
    page: Any = Paginator(interviews.order_by(F("kept_from").asc(nulls_last=True)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    policies = interviews_policies(interviews=page)
    requests = CandidateRequest.objects.filter(organization=organization, done_at=None, withdrawn_at=None)
    holds = LegalHold.objects.filter(interview__organization=organization, ended_at=None, until__gt=timezone.now())
    context = {
        "organization": organization,
        "requests": requests.select_related("interview__candidate").order_by("due_at"),
        "holds": holds.select_related("interview__candidate", "set_by").order_by("until"),
        "page": page,
        "rows": [(one, interview_erased_at(interview=one, policy=policies[one.pk])) for one in page],
    }
    return render(request, "analysis/retention.html", context)


@password_required
def interview_retention(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Hold one interview, end its holds, or erase it now. ``do``: hold, end or erase."""
    user, organization = cast(User, request.user), kept_by(request)
    interviews = Interview.objects.filter(organization=organization).select_related("candidate", "organization")
    interview = get_object_or_404(interviews, pk=interview_id)
    do = request.POST.get("do", "")
    form = HoldForm(request.POST if do == "hold" else None)
    if do == "hold" and form.is_valid():
        until = timezone.make_aware(datetime.combine(form.cleaned_data["until"], time.max))
        try:
            hold_set(interview=interview, by=user, reason=form.cleaned_data["reason"], until=until)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _done(request, "The interview is on hold.")
    elif do == "end":
        for hold in interview.holds.filter(ended_at=None):
            hold_end(hold=hold, by=user)
        return _done(request, "The hold is over.")
    elif do == "erase":
        try:
            interview_erase(interview=interview, by=user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            return _done(request, "The interview is erased. The log keeps a receipt without names.")
    context = {
        "interview": interview,
        "form": form,
        "hold": interview_hold(interview=interview),
        "erased_at": interview_erased_at(interview=interview),
        "held": held_counts(interview=interview),
    }
    return render(request, "analysis/interview_retention.html", context)


@password_required
@require_safe
def interview_held(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """What was there before it was changed during a hold, as a JSON file."""
    interview = get_object_or_404(Interview, organization=kept_by(request), pk=interview_id)
    user, file = cast(User, request.user), "before-changes.json"
    audit_append(action=AuditEntry.Action.EXPORTED, by=user, interview=interview, file=file)
    disposition = {"Content-Disposition": f'attachment; filename="{file}"'}
    return JsonResponse(held_document(interview=interview), json_dumps_params={"indent": 2}, headers=disposition)


def kept_by(request: HttpRequest) -> Organization:
    """The organization whose data the person keeps. Raises ``Http404`` for everybody else."""
    workplace = workplace_of(cast(User, request.user))
    if not workplace.keeps_data or workplace.organization is None:
        raise Http404
    return workplace.organization


def _done(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("retention")
