"""Requests of reviewers: measure a run's robustness, cancel it."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.db import transaction

from analysis.models import AnalysisRun, Robustness
from analysis.queue import robustness_publish
from analysis.selectors.robustness import is_outdated
from analysis.services.attempts.state_machine import work_cancel
from analysis.services.errors import RobustnessRefused
from interviews.models import AuditEntry, Interview, User
from interviews.selectors import consents_of
from interviews.selectors.duties import notice_pending
from interviews.selectors.policy import interview_policy
from interviews.services.audit import audit_append
from interviews.services.holds import hold_keep

Status = Robustness.Status
NO_REPORT: Final = "Only an analysis that has succeeded can be measured again."
NOT_AGREED: Final = "The candidate takes part without analysis, so nothing is measured."
NOTHING_ALLOWED: Final = "The rules for this interview's purpose and places allow no analysis, so nothing is measured."
UNDER_WAY: Final = "This report is already being measured again."
THERE: Final = "This report has been measured again already, with these question marks."
ENDED: Final = "This has already ended, so there is nothing to cancel."


def robustness_request(*, run: AnalysisRun, by: User) -> Robustness:
    """Queue the robustness of ``run``, also again after one that failed, was cancelled, or was measured with other
    question marks.

    Raises :class:`RobustnessRefused` for a run that has no report, where the candidate does not agree to an analysis or
    policy allows none, before a notice period has passed, and where it is under way or there already.
    """
    with transaction.atomic():
        # One at a time, because two concurrent requests would both find none.
        interviews = Interview.objects.select_for_update(of=("self",)).select_related("organization")
        interview = interviews.get(pk=run.recording.interview_id)
        if run.status != AnalysisRun.Status.SUCCEEDED:
            raise RobustnessRefused(NO_REPORT)
        consents, policy = consents_of(interview_id=interview.pk), interview_policy(interview=interview)
        if not consents.analysis or consents.lacks_evidence:
            raise RobustnessRefused(NOT_AGREED)
        if not policy.modalities:
            raise RobustnessRefused(NOTHING_ALLOWED)
        if sentence := notice_pending(interview=interview, policy=policy):
            raise RobustnessRefused(sentence)
        robustness = Robustness.objects.filter(run=run).first() or Robustness(run=run)
        if not robustness._state.adding and robustness.is_active:
            raise RobustnessRefused(UNDER_WAY)
        if robustness.status == Status.SUCCEEDED and not is_outdated(robustness):
            raise RobustnessRefused(THERE)
        hold_keep(interview=interview, rows=Robustness.objects.filter(pk=robustness.pk, status=Status.SUCCEEDED), by=by)
        _queue(robustness, by)
        _log(robustness, by, "robustness requested")
    return robustness


def robustness_cancel(*, robustness: Robustness, by: User) -> Robustness:
    """Cancel a queued one at once; ask the worker of a running one to stop, which takes about a second.

    Idempotent. Raises :class:`RobustnessRefused` when it has ended otherwise.
    """
    with transaction.atomic():
        work_cancel(Robustness.objects.all(), robustness)
        if robustness.status in (Status.SUCCEEDED, Status.FAILED):
            raise RobustnessRefused(ENDED)
        _log(robustness, by, "robustness cancelled")
    return robustness


def _queue(robustness: Robustness, by: User) -> None:
    robustness.status = Status.QUEUED
    robustness.requested_by = by
    robustness.stage = robustness.reason = ""
    robustness.progress, robustness.attempts = 0.0, 0
    robustness.claim = robustness.published_at = robustness.cancel_requested_at = None
    robustness.started_at = robustness.finished_at = None
    robustness.stretches, robustness.questions_s = [], []
    robustness.own, robustness.corrupted = {}, {}
    robustness.save()
    transaction.on_commit(partial(robustness_publish, robustness.pk))


def _log(robustness: Robustness, by: User, change: str) -> None:
    action, interview = AuditEntry.Action.READINGS_CHANGED, robustness.run.recording.interview
    audit_append(action=action, by=by, interview=interview, run=robustness.run_id, change=change)
