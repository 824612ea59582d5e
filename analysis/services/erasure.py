"""Erases interviews with everything that was stored and computed: on request, by retention, and after a restore."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from analysis.models import AnalysisRun
from analysis.services.playback import playback_delete
from analysis.services.runs.deletion import runs_delete
from interviews.errors import Refusal
from interviews.models import AuditEntry, CandidateRequest, Interview, LegalHold, Room, User
from interviews.selectors.policy import interview_erased_at, interview_hold, interviews_policies
from interviews.services.audit import audit_append
from interviews.services.interviews import interview_delete
from interviews.services.own_page import recordings_erase, request_done
from interviews.services.receipts import receipts

logger = logging.getLogger(__name__)

BEFORE_DUE: Final = timedelta(days=3)
"""A request is done so long before its last day, so that a machine that stands still for a weekend misses none."""
RETENTION: Final = "retention"
REQUEST: Final = "the candidate asked for it"
RESTORED: Final = "it had been erased when the backup was restored"


def interview_erase(*, interview: Interview, by: User | None, because: str = "") -> None:
    """Erase an interview: recordings, copies, posters, transcripts, timelines, live parts, links, rows, files.

    Files follow the commit; the sweeps try again what could not be removed. A worker that computes stops at its next
    heartbeat, and messages in the queues are ids of rows that are gone. Raises :class:`Refusal` while a hold stands.
    """
    with transaction.atomic():
        Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
        requests = list(interview.candidate_requests.filter(kind=CandidateRequest.Kind.ERASURE, withdrawn_at=None))
        analyses = AnalysisRun.objects.of_interview(interview).count()
        runs_delete(interview=interview)
        playback_delete(interview=interview)
        interview_delete(interview=interview, by=by, also={"analyses": analyses}, because=because)
        for request in requests:
            request_done(request=request)
        transaction.on_commit(_remains_erase)


def retention_apply() -> int:
    """Erase what candidates asked to have erased and what has been kept for long enough; returns how many interviews.

    What a hold keeps stays, and what fails is tried again the next time.
    """
    now = timezone.now()
    due = [(interview, REQUEST) for interview in _asked(now)]
    due += [(interview, RETENTION) for interview in _expired(now)]
    return sum(_erase(interview, because) for interview, because in due)


def receipts_replay() -> int:
    """Erase every interview and recording again that was erased after a backup was made, once it is restored; returns
    of how many interviews. No hold of the time before stands against what was done."""
    erased = receipts()
    LegalHold.objects.filter(interview__in=erased).delete()
    count = sum(_erase(interview, RESTORED) for interview in Interview.objects.filter(pk__in=erased))
    withdrawn = Interview.objects.filter(recordings__in=erased).distinct()
    for interview in withdrawn:
        with transaction.atomic():
            Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
            runs_delete(interview=interview)
            playback_delete(interview=interview)
            recordings_erase(interview=interview)
            audit_append(action=AuditEntry.Action.INTERVIEW_CHANGED, interview=interview, because=RESTORED)
        count += 1
    return count


def _asked(now: datetime) -> list[Interview]:
    requests = CandidateRequest.objects.filter(kind=CandidateRequest.Kind.ERASURE, done_at=None, withdrawn_at=None)
    due = requests.filter(due_at__lte=now + BEFORE_DUE, interview__isnull=False).select_related("interview")
    return [request.interview for request in due if request.interview is not None]


def _expired(now: datetime) -> list[Interview]:
    interviews = Interview.objects.filter(kept_from__lt=now).exclude(room__status__in=Room.RUNNING)
    found = list(interviews.select_related("organization"))
    policies = interviews_policies(interviews=found)
    ends = [(interview, interview_erased_at(interview=interview, policy=policies[interview.pk])) for interview in found]
    return [interview for interview, ends_at in ends if ends_at is not None and ends_at <= now]


def _erase(interview: Interview, because: str) -> bool:
    if interview_hold(interview=interview) is not None:
        return False
    try:
        interview_erase(interview=interview, by=None, because=because)
    except (Interview.DoesNotExist, Refusal):  # erased or held meanwhile
        return False
    except Exception:
        logger.exception("interview %s could not be erased and waits for the next time", interview.pk)
        return False
    logger.info("interview %s is erased: %s", interview.pk, because)
    return True


def _remains_erase() -> None:
    """SQLite keeps deleted rows in its write-ahead log until that begins anew."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
