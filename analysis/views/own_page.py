"""The candidate's own page: what is held, and what the candidate can do about it."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analysis.reporting.page import report_present
from analysis.reporting.report import STATEMENT
from analysis.selectors import questions_json, run_latest_succeeded, run_report
from analysis.selectors.own_page import own_page_held
from analysis.selectors.transcripts import transcript_for
from analysis.services.consent import NEED_RECORDING, consent_change
from interviews.consent_words import own_page_words
from interviews.models import AuditEntry, CandidateRequest, ConsentEvent, Interview
from interviews.selectors import consents_of
from interviews.selectors.notice import interview_notice
from interviews.selectors.own_page import erasure_request, get_confirmed_own_page, get_own_page, held_until
from interviews.selectors.policy import interview_hold, interview_policy
from interviews.services.audit import audit_view
from interviews.services.own_page import comment_add, erasure_take_back, request_add

Purpose = ConsentEvent.Purpose

NEEDS_CODE: Final = "To agree to something, show first that it is you: have a code sent to you."
NEEDS_RECORDING: Final = "There is no recording, so there is nothing to agree to."
KEEP, ERASE = "keep", "erase"


@never_cache
@require_safe
def own_page(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Everything on one page."""
    page = get_own_page(request.session, interview_id)
    interview = page.interview
    consents = consents_of(interview_id=interview.pk)
    words = own_page_words(interview.organization.name)
    context = {
        "interview": interview,
        "is_confirmed": page.is_confirmed,
        "held": own_page_held(interview=interview),
        "held_until": held_until(interview=interview),
        "hold": interview_hold(interview=interview),
        "policy": interview_policy(interview=interview),
        "has_recording": interview.recordings.exists(),
        "consents": consents,
        "answers": [(key, Purpose(key).label, text, consents.given(key)) for key, text in words.items()],
        "consent_events": interview.consent_events.select_related("recorded_by"),
        "erasure": erasure_request(interview=interview),
        "notice": interview_notice(interview=interview),
        "has_report": run_latest_succeeded(interview=interview) is not None,
    }
    return render(request, "interviews/own_page/page.html", context)


@never_cache
@require_safe
def own_page_report(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """The report with the numbers that the recruiter sees, and what the candidate says about it."""
    interview = get_confirmed_own_page(request.session, interview_id)
    run = run_latest_succeeded(interview=interview)
    report = report_present(run_report(run=run)) if run else None
    if run:
        action = AuditEntry.Action.REPORT_VIEWED
        audit_view(action=action, by=None, interview=interview, what=run.pk, run=run.pk)
    context = {
        "interview": interview,
        "recording": interview.recordings.first(),
        "report": report,
        "transcript": transcript_for(interview),
        "questions": questions_json(interview=interview),
        "statement": STATEMENT,
        "comments": interview.candidate_comments.all(),
        "notice": interview_notice(interview=interview),
    }
    return render(request, "analysis/own_report.html", context)


@require_POST
def own_page_comment(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """The candidate says something about the report."""
    interview = get_confirmed_own_page(request.session, interview_id)
    try:
        comment_add(interview=interview, text=request.POST.get("text", ""))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, "Your comment stands beside the report now, for everybody who sees it.")
    return redirect("own_page_report", interview_id=interview_id)


@require_POST
def own_page_answers(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Change single answers; every box that is not ticked is a no."""
    page = get_own_page(request.session, interview_id)
    before = consents_of(interview_id=interview_id)
    answers = {key: key in request.POST for key in NEED_RECORDING}
    is_yes = any(given and not before.given(key) for key, given in answers.items())
    if is_yes and not page.is_confirmed:
        messages.warning(request, NEEDS_CODE)
    elif is_yes and not page.interview.recordings.exists():
        messages.warning(request, NEEDS_RECORDING)
    else:
        consent_change(interview=page.interview, answers=answers)
        removed = _held(page.interview) or "What you no longer agree to was removed."
        messages.success(request, f"Your answers are stored. {removed}")
    return redirect("own_page", interview_id=interview_id)


@require_http_methods(["GET", "HEAD", "POST"])
def own_page_withdraw(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Withdraw everything; the recording is kept or erased as the candidate chooses."""
    interview = get_own_page(request.session, interview_id).interview
    choice = (request.POST if request.method == "POST" else request.GET).get("recording")
    if choice not in (KEEP, ERASE):
        return redirect("own_page", interview_id=interview_id)
    if request.method == "POST":
        answers: dict[str, bool] = dict.fromkeys(NEED_RECORDING, False)
        if choice == ERASE:
            answers[Purpose.RECORDING] = False
        consent_change(interview=interview, answers=answers)
        erased = "The recording was erased." if choice == ERASE else "The recording is kept."
        removed = _held(interview) or f"Results and transcript were removed. {erased}"
        messages.success(request, f"You no longer agree. {removed}")
        return redirect("own_page", interview_id=interview_id)
    return _sure(request, interview, what="withdraw", choice=choice)


@require_http_methods(["GET", "HEAD", "POST"])
def own_page_erasure(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Ask for the erasure of everything, or take that back while it is not done."""
    interview = get_own_page(request.session, interview_id).interview
    if request.method != "POST":
        return _sure(request, interview, what="erasure", choice="ask")
    if request.POST.get("choice") == "take_back":
        erasure_take_back(interview=interview)
        messages.success(request, "You no longer ask for erasure.")
    else:
        asked = request_add(interview=interview, kind=CandidateRequest.Kind.ERASURE)
        done = f"It is done by {asked.due_at:%-d %B %Y} at the latest."
        messages.success(request, f"You asked for erasure. {_held(interview) or done}")
    return redirect("own_page", interview_id=interview_id)


def _held(interview: Interview) -> str:
    """Why nothing is deleted yet; empty where no hold stands."""
    hold = interview_hold(interview=interview)
    if hold is None:
        return ""
    return (
        f"A legal duty keeps what is stored until {hold.until:%-d %B %Y}; it is deleted after that. What ran was"
        " stopped, and results that you do not agree to are shown to nobody."
    )


def _sure(request: HttpRequest, interview: Interview, **context: Any) -> HttpResponse:
    """The page that says what will happen, before it does."""
    context |= {
        "interview": interview,
        "policy": interview_policy(interview=interview),
        "hold": interview_hold(interview=interview),
    }
    return render(request, "interviews/own_page/sure.html", context)
