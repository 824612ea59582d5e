"""Telling people how an analysis ended."""

from __future__ import annotations

from analysis.models import AnalysisRun
from interviews.models import Notification
from interviews.services.notifications import notify

Status = AnalysisRun.Status
Kind = Notification.Kind
KINDS = {Status.SUCCEEDED: Kind.REPORT_READY, Status.FAILED: Kind.REPORT_FAILED}


def run_tell(*, run: AnalysisRun, status: str) -> None:
    """Tell who asked for the run and who owns the interview, where it has a report now or has failed."""
    kind = KINDS.get(Status(status))
    if kind is not None:
        interview = run.recording.interview
        notify(kind=kind, interview=interview, people=[run.requested_by, interview.owner])
