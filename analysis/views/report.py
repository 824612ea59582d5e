"""The report page, with result or progress of an interview's latest analysis, and the comparison of two analyses."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from analysis import services
from analysis.metrics.excerpts import MEASURED_S
from analysis.models import AnalysisRun
from analysis.reasons import GAP_WORDS
from analysis.reporting.comparison import comparison_present
from analysis.reporting.emotions import EMOTION_TONES
from analysis.reporting.lanes import COLUMNS, FACTOR, levels_of
from analysis.reporting.left_out import left_out_json
from analysis.reporting.page import report_present
from analysis.reporting.report import STATEMENT
from analysis.reporting.robustness import robustness_present
from analysis.reporting.transcript_page import STATES, transcript_present
from analysis.selectors import (
    get_run_of,
    get_run_pair,
    questions_json,
    run_before,
    run_latest,
    run_latest_succeeded,
    run_report,
    run_summary,
    runs_compare,
)
from analysis.selectors.baselines import BaselineRefused, calm_asked
from analysis.selectors.label_corrections import run_corrections
from analysis.selectors.playback import playback_of
from analysis.selectors.robustness import robustness_state
from analysis.selectors.transcripts import transcript_for
from analysis.timelines import TimelinesError
from interviews.models import AuditEntry, Interview, Recording, User
from interviews.permissions import can_change_interview, can_delete_interview
from interviews.selectors import consents_of, get_interview
from interviews.selectors.consent import NOT_WATCHED
from interviews.selectors.duties import notice_pending
from interviews.selectors.notes import notes_page
from interviews.selectors.policy import interview_erased_at, interview_hold, interview_policy
from interviews.selectors.scorecards import readings_locked
from interviews.services.audit import audit_view

Action = AuditEntry.Action

RUNS_LISTED = 10
RATES = (0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2)


@login_required
@require_safe
def interview_detail(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """The latest run's state and the latest finished report; ``?run=`` shows an earlier one."""
    user = cast(User, request.user)
    interview = get_interview(user, interview_id)
    run = run_latest(interview=interview)
    latest = run_latest_succeeded(interview=interview)
    chosen = request.GET.get("run")
    is_locked = latest is not None and readings_locked(interview=interview, user=user)
    if is_locked:
        latest = chosen = None
    shown_run = get_run_of(interview=interview, run_id=chosen) if chosen else latest
    recording = shown_run.recording if shown_run else interview.recordings.first()
    policy, report = interview_policy(interview=interview), None
    consents = consents_of(interview_id=interview.pk)
    if not policy.shows_organization:
        latest = shown_run = None
    is_withheld = recording is not None and consents.has_withdrawn_recording
    if is_withheld:
        recording = latest = shown_run = None
    if shown_run:
        built, calm_problem = report_asked(shown_run, request.GET)
        report = report_present(built, summary=summary_of(shown_run)) | {"calm_problem": calm_problem}
        audit_view(action=Action.REPORT_VIEWED, by=user, interview=interview, what=shown_run.pk, run=shown_run.pk)
    duration_s = recording.duration_s if recording else 0.0
    questions, left_out = questions_json(interview=interview), left_out_json(policy)
    is_earlier = shown_run != latest
    can_change = can_change_interview(user, interview)
    can_edit = can_change and shown_run is not None and not is_earlier
    playback = playback_of(recording=recording) if recording else None
    transcript = None
    if recording and policy.shows_organization:
        transcript = transcript_present(transcript_for(interview=interview, sentences=False))
    return render(
        request,
        "analysis/report.html",
        {
            "interview": interview,
            "recording": recording,
            "playback": playback,
            "candidate_comments": interview.candidate_comments.all(),
            "consents": consents,
            "withheld": NOT_WATCHED if is_withheld else "",
            "consent_events": interview.consent_events.select_related("recorded_by"),
            "room": getattr(interview, "room", None),
            "run": run,
            "runs": AnalysisRun.objects.of_interview(interview)[:RUNS_LISTED],
            "shown_run": shown_run,
            "is_earlier": is_earlier,
            "run_before": run_before(run=shown_run) if shown_run else None,
            "report": report,
            "robustness": robustness_present(robustness_state(run=shown_run)) if shown_run else None,
            "robustness_s": MEASURED_S,
            "asked_from": request.GET.get("calm_from", ""),
            "asked_to": request.GET.get("calm_to", ""),
            "is_locked": is_locked,
            "policy": policy,
            "left_out": left_out,
            "notice_pending": notice_pending(interview=interview, policy=policy) if policy.modalities else "",
            "left_out_names": ", ".join(dict.fromkeys(name for rule in left_out for name in rule["names"])),
            "erased_at": interview_erased_at(interview=interview, policy=policy),
            "hold": interview_hold(interview=interview),
            "evidence_total": sum(len(metric["evidence"]) for metric in report["metrics"]) if report else 0,
            "questions": questions,
            "transcript": transcript,
            "transcript_urls": transcript_urls(interview),
            **notes_page(interview=interview, user=user),
            "rates": RATES,
            "languages": Interview.SpokenLanguage.choices,
            "statement": STATEMENT,
            "can_change": can_change,
            "can_edit": can_edit,
            "can_delete": can_delete_interview(user, interview),
            "page_data": {
                "duration_s": duration_s,
                "fps": recording.fps if recording else 0.0,
                "pyramid": {"columns": COLUMNS, "factor": FACTOR, "levels": levels_of(duration_s)},
                "gap_names": GAP_WORDS,
                "run": {"id": run.pk, "status": run.status} if run else None,
                "shown_run": shown_run.pk if shown_run else None,
                "can_edit": can_edit,
                "modalities": report["modalities"] if report else [],
                "metrics": report["metrics"] if report else [],
                "people": report["people"] if report else [],
                "corrections": run_corrections(run=shown_run) if shown_run else [],
                "questions": questions,
                "playback": playback,
                "transcript": transcript,
                "transcript_states": STATES,
                "tones": EMOTION_TONES,
                "urls": page_urls(interview, recording, run, shown_run),
            },
        },
    )


def report_asked(run: AnalysisRun, query: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """The report, relative to the calm stretch that the query asks for, or as it was read and why that is refused."""
    try:
        return run_report(run=run, calm=calm_asked(query)), ""
    except (BaselineRefused, TimelinesError) as error:
        return run_report(run=run), str(error)


def summary_of(run: AnalysisRun) -> dict[str, Any] | None:
    """What the page says of the timelines; None where they cannot be read."""
    try:
        services.lane_file_ensure(run=run)
        return run_summary(run=run)
    except TimelinesError:
        return None


@login_required
@require_safe
def run_compare(request: HttpRequest, before_id: UUID, after_id: UUID) -> HttpResponse:
    """Two finished analyses of one interview: versions, shares and metrics, and what differs."""
    user = cast(User, request.user)
    before, after = get_run_pair(user, before_id, after_id)
    interview = after.recording.interview
    is_shown = interview_policy(interview=interview).shows_organization
    if not is_shown or readings_locked(interview=interview, user=user):
        return redirect("interview_detail", interview_id=interview.pk)
    what = f"{before.pk} {after.pk}"
    audit_view(action=Action.REPORT_VIEWED, by=user, interview=interview, what=what, compared=what)
    return render(
        request,
        "analysis/compare.html",
        {
            "interview": interview,
            "before": before,
            "after": after,
            "comparison": comparison_present(runs_compare(before=before, after=after)),
        },
    )


def transcript_urls(interview: Interview) -> dict[str, str]:
    """The transcript's own part of the API, and its two files."""
    names = {"state": "api_transcript", "cancel": "api_transcript_cancel", "questions": "api_transcript_questions"}
    names |= {"vtt": "transcript_vtt", "txt": "transcript_txt"}
    return {name: reverse(route, args=[interview.pk]) for name, route in names.items()}


def page_urls(
    interview: Interview, recording: Recording | None, run: AnalysisRun | None, shown_run: AnalysisRun | None
) -> dict[str, Any]:
    """The API addresses for the page's scripts, so that no script builds an address."""
    urls: dict[str, Any] = {
        "list": reverse("interview_list"),
        "interview": reverse("api_interview", args=[interview.pk]),
        "questions": reverse("api_questions", args=[interview.pk]),
        "runs": reverse("api_interview_runs", args=[interview.pk]),
        "transcript": transcript_urls(interview),
    }
    if recording:
        urls["playback"] = reverse("api_playback", args=[recording.pk])
    if run:
        urls["run"] = reverse("api_run", args=[run.pk])
        urls["run_cancel"] = reverse("api_run_cancel", args=[run.pk])
        urls["run_retry"] = reverse("api_run_retry", args=[run.pk])
    if shown_run:
        urls["lanes"] = reverse("api_run_lane_tile", args=[shown_run.pk, 0, 0]).removesuffix("0/0/")
        urls["robustness"] = reverse("api_run_robustness", args=[shown_run.pk])
        urls["answers"] = reverse("interview_answers", args=[interview.pk])
        urls |= run_urls(shown_run)
    return urls


def run_urls(run: AnalysisRun) -> dict[str, str]:
    """Where the seconds behind a number are: of a label, and of a metric's formula."""
    return {
        "stretches": reverse("api_run_stretches", args=[run.pk, "m", "l"]).removesuffix("m/l/"),
        "explanations": reverse("api_run_explanation", args=[run.pk, "m"]).removesuffix("m/"),
    }
