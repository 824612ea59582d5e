"""One attempt at one transcript: claim, sentences, and every way in which it can end."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from analysis.models import Transcript, TranscriptSentence
from analysis.services import (
    transcript_cancel,
    transcript_execute,
    transcript_request,
    transcripts_reap,
    worker_stop,
)
from analysis.services.attempts import heartbeat, stopping
from analysis.transcripts import NOT_ALLOWED
from interviews.models import PolicySetting
from interviews.services import interview_language_set
from ml.confinement.programs import ProgramStopped, ProgramTimeout
from tests.analysis.services.runs.test_execution import wait_until
from tests.factories.consent import agree
from tests.factories.media import make_recording
from tests.factories.transcripts import SENTENCES, said

Status = Transcript.Status


def outcome() -> tuple[str, str]:
    transcript = Transcript.objects.get()
    return transcript.status, transcript.reason


def test_a_transcript_ends_in_sentences_with_their_model(transcript, program):
    assert (transcript.progress, transcript.stage, transcript.attempts) == (1.0, "", 1)
    assert transcript.model_name == "whisper-tiny.en"
    assert transcript.model_sha256 == "1a" * 32
    assert transcript.guard == {"speech_s": 13.0, "readable_s": 11.5}
    rows = list(transcript.sentences.values_list("position", "start_s", "end_s", "text"))
    assert rows == [(position, *sentence) for position, sentence in enumerate(SENTENCES)]
    assert transcript.sentences.get(position=3).reason


def test_a_real_recording_is_written_down_by_the_real_program(alice, make_interview, tmp_path):
    content = make_recording(tmp_path / "talk.mp4", duration_s=7.0, fps=2.0).read_bytes()
    recording = make_interview(alice, content=content, duration_s=7.0).recordings.get()
    agree(recording.interview, "transcript")
    transcript_execute(transcript_id=transcript_request(recording=recording, by=alice).pk)
    assert outcome() == (Status.SUCCEEDED, "")
    assert "engineer" in " ".join(TranscriptSentence.objects.values_list("text", flat=True))
    assert Transcript.objects.get().timing["realtime_factor"] > 0


def test_the_program_gets_the_file_and_a_folder_of_its_own(transcript, program):
    (command,), (policy,) = program.commands, program.policies
    path = transcript.recording.file.path
    assert command == ["ml.transcript", path, "--duration", "20.0", "--threads", "2"]
    assert policy.readable == (path,)
    assert len(policy.writable) == 1
    assert not Path(policy.writable[0]).exists(), "it is removed with what was left in it"


def test_the_program_hears_that_english_is_spoken(queued, program):
    interview = queued.recording.interview
    interview_language_set(interview=interview, by=interview.owner, spoken_language="english")
    transcript_execute(transcript_id=queued.pk)
    assert "--english" in program.commands[0]


def test_a_refusal_is_no_failure(queued, program):
    program.lines = said(sentences=[], refusal="Probably another language is spoken.")
    transcript_execute(transcript_id=queued.pk)
    assert outcome() == (Status.REFUSED, "Probably another language is spoken.")
    assert not TranscriptSentence.objects.exists()


def test_a_recording_that_cannot_be_read_fails_with_its_sentence(queued, program):
    program.lines = [{"error": "This recording is damaged."}]
    transcript_execute(transcript_id=queued.pk)
    assert outcome() == (Status.FAILED, "This recording is damaged.")


def test_a_program_that_breaks_off_fails_with_a_sentence(queued, program, caplog):
    program.lines, program.status = said()[:3], 1
    transcript_execute(transcript_id=queued.pk)
    status, reason = outcome()
    assert status == Status.FAILED
    assert "broke off at this recording" in reason
    assert "status 1" in caplog.text
    assert not TranscriptSentence.objects.exists()


def test_a_server_that_is_too_busy_says_so(queued, program):
    program.error = ProgramTimeout()
    transcript_execute(transcript_id=queued.pk)
    assert "too busy" in outcome()[1]


def test_a_recording_that_is_missing_says_so(queued, program):
    queued.recording.file.storage.delete(queued.recording.file.name)
    transcript_execute(transcript_id=queued.pk)
    assert "missing from storage" in outcome()[1]
    assert program.commands == []


def test_a_second_message_finds_nothing_to_do(queued, program):
    program.during = lambda should_stop: transcript_execute(transcript_id=queued.pk)
    transcript_execute(transcript_id=queued.pk)
    transcript_execute(transcript_id=queued.pk)
    transcript_execute(transcript_id=uuid.uuid4())
    assert len(program.commands) == 1


def test_a_worker_whose_claim_was_taken_over_cannot_write(queued, program):
    other = uuid.uuid4()
    program.during = lambda should_stop: Transcript.objects.update(claim=other)
    transcript_execute(transcript_id=queued.pk)
    transcript = Transcript.objects.get()
    assert (transcript.status, transcript.claim) == (Status.RUNNING, other)
    assert not TranscriptSentence.objects.exists()


def test_deleting_the_interview_leaves_nothing(queued, program):
    program.during = lambda should_stop: queued.recording.interview.delete()
    transcript_execute(transcript_id=queued.pk)
    assert not Transcript.objects.exists()
    assert not TranscriptSentence.objects.exists()


def test_deleting_the_recording_deletes_what_was_said(transcript):
    transcript.recording.delete()
    assert not TranscriptSentence.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_running_transcript_is_cancelled(queued, program, alice, monkeypatch):
    monkeypatch.setattr(heartbeat, "INTERVAL_S", 0.02)

    def during(should_stop):
        transcript_cancel(transcript=Transcript.objects.get(), by=alice)
        wait_until(should_stop)
        raise ProgramStopped

    program.during = during
    transcript_execute(transcript_id=queued.pk)
    assert outcome() == (Status.CANCELLED, "")


def test_a_stopping_worker_hands_it_back(queued, program, monkeypatch):
    def during(should_stop):
        worker_stop()
        assert should_stop()
        raise ProgramStopped

    program.during = during
    try:
        transcript_execute(transcript_id=queued.pk)
    finally:
        stopping._asked[0] = 0
    transcript = Transcript.objects.get()
    assert (transcript.status, transcript.attempts, transcript.claim) == (Status.QUEUED, 0, None)


def abandon(*, attempts: int, **fields) -> None:
    """Its worker was killed 31 s ago."""
    silent = timezone.now() - timedelta(seconds=31)
    Transcript.objects.update(
        status=Status.RUNNING, attempts=attempts, claim=uuid.uuid4(), heartbeat_at=silent, progress=0.6, **fields
    )


def test_a_killed_workers_transcript_goes_back_to_the_queue(queued, published):
    abandon(attempts=1)
    published.clear()
    transcripts_reap()
    transcript = Transcript.objects.get()
    assert (transcript.status, transcript.claim, transcript.progress) == (Status.QUEUED, None, 0.0)
    assert published == [("analysis.tasks.transcript_execute", (str(queued.pk),))]


def test_the_third_interruption_is_the_last(queued, published):
    abandon(attempts=3)
    transcripts_reap()
    status, reason = outcome()
    assert status == Status.FAILED
    assert "interrupted three times" in reason


def test_one_that_was_being_cancelled_is_cancelled(queued):
    abandon(attempts=1, cancel_requested_at=timezone.now())
    transcripts_reap()
    assert outcome()[0] == Status.CANCELLED


def test_a_lost_message_is_published_again(queued, published):
    Transcript.objects.update(published_at=timezone.now() - timedelta(seconds=61))
    published.clear()
    transcripts_reap()
    assert [arguments for _, arguments in published] == [(str(queued.pk),)]
    transcripts_reap()
    assert len(published) == 1


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_one_that_policy_no_longer_allows_is_not_written(queued, program, northwind, when):
    def switch_off(*_):
        PolicySetting.objects.filter(organization=northwind).update(blocked=["transcript"])

    if when == "before":
        switch_off()
    else:
        program.during = switch_off
    transcript_execute(transcript_id=queued.pk)
    assert outcome() == (Status.FAILED, NOT_ALLOWED)
    assert not TranscriptSentence.objects.exists()
    assert len(program.commands) == (when == "meanwhile")
