"""One attempt at one transcript, from claim to sentences. Called by the worker's task."""

from __future__ import annotations

import logging
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import connection, transaction

from analysis.models import Transcript, TranscriptSentence
from analysis.pipeline import Progress
from analysis.services.attempts.heartbeat import RowHeartbeat
from analysis.services.attempts.outcomes import ProgramFailed, Sentences, outcome_written
from analysis.services.attempts.recording_files import declared_of, local_copy
from analysis.services.attempts.state_machine import work_claim, work_finish
from analysis.services.attempts.stopping import worker_is_stopping
from analysis.services.errors import ClaimLost
from analysis.services.transcripts.program import Done, Sentence, transcribe_confined
from analysis.transcripts import NOT_ALLOWED
from interviews.models import Interview
from interviews.selectors.policy import interview_policy

logger = logging.getLogger(__name__)
Status = Transcript.Status

STAGE: Final = "Transcribing"
SENTENCES: Final = Sentences(
    too_late="This server is too busy to write this transcript now. Your recording is kept; you can try again.",
    broke_off="The program that writes transcripts broke off at this recording, or needed more memory than a recording"
    " of its length may. Your recording is kept; you can try again.",
    internal="The transcript stopped because of an internal error (reference {reference}). Your recording is kept; you"
    " can try again.",
)


def transcript_execute(*, transcript_id: UUID) -> None:
    """Execute a queued transcript, unless another worker has claimed it.

    Every outcome is written to the row. An exception is raised only when the database cannot be written: the heartbeat
    then stops, and :func:`transcripts_reap` recovers the row.
    """
    transcript = _claim(transcript_id)
    if transcript is None or transcript.claim is None:
        logger.info("transcript %s is not waiting for a worker", transcript_id)
        return
    with (
        outcome_written(transcript, SENTENCES),
        RowHeartbeat(rows=Transcript.objects.all(), row_id=transcript.pk, claim=transcript.claim) as heartbeat,
    ):
        sentences, made = _write_down(transcript, heartbeat)
        _end(transcript, sentences, made)


def _claim(transcript_id: UUID) -> Transcript | None:
    claim = work_claim(Transcript.objects.all(), transcript_id, progress=0.0)
    rows = Transcript.objects.select_related("recording__interview")
    return rows.filter(pk=transcript_id, claim=claim).first() if claim is not None else None


def _write_down(transcript: Transcript, heartbeat: RowHeartbeat[Transcript]) -> tuple[list[Sentence], Done]:
    """The program's result: its sentences, and the values for the whole recording."""
    recording = transcript.recording
    _refuse_not_allowed(recording.interview)
    heartbeat.report(Progress(STAGE, 0.0))
    try:
        with local_copy(recording.file) as path:
            return transcribe_confined(
                path,
                declared=declared_of(recording),
                is_english=recording.interview.spoken_language == Interview.SpokenLanguage.ENGLISH,
                progress=lambda fraction: heartbeat.report(Progress(STAGE, fraction)),
                should_stop=lambda: heartbeat.should_stop() or worker_is_stopping(),
            )
    finally:
        if not connection.in_atomic_block:
            connection.close()  # it was idle while the program ran; the next query opens a fresh one


def _end(transcript: Transcript, sentences: list[Sentence], made: Done) -> None:
    """State and sentences in one transaction; raises :class:`ClaimLost` and leaves nothing."""
    with transaction.atomic():
        # Take locks in the same order as the deletion of an interview, to avoid a deadlock.
        interviews = Interview.objects.select_for_update(of=("self",)).filter(pk=transcript.recording.interview_id)
        interview = interviews.first()
        if interview is not None:
            _refuse_not_allowed(interview)
        if interview is None or not _finish(
            transcript,
            status=Status.REFUSED if made.refusal else Status.SUCCEEDED,
            reason=made.refusal,
            progress=1.0,
            model_name=made.model_name,
            model_version=made.model_version,
            model_sha256=made.model_sha256,
            guard={"speech_s": made.speech_s, "readable_s": made.readable_s},
            timing={"wall_s": made.wall_s, "realtime_factor": made.realtime_factor},
        ):
            raise ClaimLost
        TranscriptSentence.objects.bulk_create(
            TranscriptSentence(transcript=transcript, position=position, **msgspec.structs.asdict(sentence))
            for position, sentence in enumerate(sentences)
        )


def _refuse_not_allowed(interview: Interview) -> None:
    """Policy may have changed since the transcript was requested."""
    if not interview_policy(interview=interview).transcript:
        raise ProgramFailed(NOT_ALLOWED)


def _finish(transcript: Transcript, *, status: str, **fields: Any) -> bool:
    return work_finish(Transcript.objects.all(), transcript, status=status, **fields)
