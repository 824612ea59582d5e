"""The robustness of a run's numbers, for page, API and files."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404

from analysis.models import AnalysisRun, Robustness
from analysis.reporting.robustness import measured_sentence, shifts_of
from interviews.selectors.policy import interview_policy

Status = Robustness.Status
NONE: Final = "none"


def robustness_of(*, run: AnalysisRun) -> Robustness | None:
    """In any state; None before the first request."""
    return Robustness.objects.filter(run=run).first()


def get_robustness(run: AnalysisRun) -> Robustness:
    """Raises ``Http404`` before the first request."""
    robustness = robustness_of(run=run)
    if robustness is None:
        raise Http404
    return robustness


def is_outdated(robustness: Robustness) -> bool:
    """Whether its metrics belong to other question marks than those of now."""
    marks = robustness.run.recording.interview.questions.order_by("at_s").values_list("at_s", flat=True)
    return [round(at_s, 3) for at_s in robustness.questions_s] != [round(at_s, 3) for at_s in marks]


def robustness_state(*, run: AnalysisRun) -> dict[str, Any]:
    """How far it is, and the result once it has succeeded, for what the interview's policy allows.

    ``status`` is ``none`` before the first request. ``is_outdated``: question marks have changed since, so that
    measuring again may be asked for.
    """
    robustness = robustness_of(run=run)
    if robustness is None:
        robustness = Robustness(run=run)
        status = NONE
    else:
        status = robustness.status
    has_result = status == Status.SUCCEEDED
    outdated = has_result and is_outdated(robustness)
    policy = interview_policy(interview=run.recording.interview)
    return {
        "status": status,
        "progress": round(robustness.progress, 4),
        "stage": robustness.stage,
        "reason": robustness.reason,
        "can_start": status not in Robustness.ACTIVE and (not has_result or outdated),
        "is_outdated": outdated,
        "finished_at": robustness.finished_at if has_result else None,
        "stretches": robustness.stretches if has_result else [],
        "measured": measured_sentence(robustness.stretches, duration_s=run.recording.duration_s) if has_result else "",
        "corruptions": shifts_of(own=robustness.own, corrupted=robustness.corrupted, policy=policy)
        if has_result
        else [],
    }


def robustness_export(*, run: AnalysisRun) -> dict[str, Any] | None:
    """The result for files; None without one."""
    state = robustness_state(run=run)
    if state["status"] != Status.SUCCEEDED:
        return None
    return {
        "finished_at": state["finished_at"].isoformat(timespec="seconds"),
        "stretches": state["stretches"],
        "question_marks_changed_since": state["is_outdated"],
        "corruptions": state["corruptions"],
    }
