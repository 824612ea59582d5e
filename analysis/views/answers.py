"""The parts of an interview: a table of all answers, and a page of each."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from analysis.reporting.report import STATEMENT
from analysis.selectors import run_latest_succeeded
from analysis.selectors.answers import answers_sections, sections_rated
from analysis.selectors.playback import playback_of
from analysis.timelines import TimelinesError
from analysis.views.report import run_urls
from interviews.models import AuditEntry, Interview, User
from interviews.selectors import get_interview
from interviews.selectors.policy import interview_policy
from interviews.selectors.scorecards import readings_locked
from interviews.services.audit import audit_view


@login_required
@require_safe
def interview_answers(request: HttpRequest, interview_id: UUID) -> HttpResponseBase:
    """Every answer in a row: distributions, metrics, talk time and pauses; without questions every minute."""
    interview = get_interview(cast(User, request.user), interview_id)
    context = _context(request, interview)
    return _locked(interview) if context is None else render(request, "analysis/answers.html", context)


@login_required
@require_safe
def interview_answer(request: HttpRequest, interview_id: UUID, number: int) -> HttpResponseBase:
    """One answer, counted from 1: what was read, said, noted and rated in it."""
    interview = get_interview(cast(User, request.user), interview_id)
    context = _context(request, interview)
    if context is None:
        return _locked(interview)
    sections = context["sections"]
    if not 1 <= number <= len(sections):
        raise Http404
    run, section = context["run"], sections[number - 1]
    shown = {
        "before": number - 1,
        "after": number + 1 if number < len(sections) else 0,
        "section": section,
        "recording": run.recording,
        "playback": playback_of(recording=run.recording),
        "page_data": {
            "duration_s": run.recording.duration_s,
            "within": [section["start_s"], section["end_s"]],
            "urls": run_urls(run),
        },
    }
    return render(request, "analysis/answer.html", context | shown)


def _context(request: HttpRequest, interview: Interview) -> dict[str, Any] | None:
    """None while the person has to rate first, and where results are for the candidate alone. Raises ``Http404`` where
    nothing was analysed."""
    user = cast(User, request.user)
    is_shown = interview_policy(interview=interview).shows_organization
    if not is_shown or readings_locked(interview=interview, user=user):
        return None
    run = run_latest_succeeded(interview=interview)
    if run is None:
        raise Http404
    audit_view(action=AuditEntry.Action.REPORT_VIEWED, by=user, interview=interview, what=run.pk, run=run.pk)
    problem = ""
    try:
        sections = answers_sections(interview=interview, run=run, user=user)
    except TimelinesError as error:
        sections, problem = [], str(error)
    sections = sections_rated(sections=sections, interview=interview, user=user)
    return {"interview": interview, "run": run, "sections": sections, "problem": problem, "statement": STATEMENT}


def _locked(interview: Interview) -> HttpResponse:
    return redirect("interview_detail", interview_id=interview.pk)
