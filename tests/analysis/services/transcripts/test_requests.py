"""Who gets a transcript, and when: never without the candidate's agreement."""

import pytest

from analysis.models import Transcript
from analysis.services import (
    TranscriptRefused,
    run_execute,
    transcript_cancel,
    transcript_execute,
    transcript_request,
    transcript_request_agreed,
)
from analysis.services.live.rooms import room_recording_stored
from analysis.tasks import transcript_execute as task
from interviews.services import interview_language_set
from tests.factories.consent import agree

Status = Transcript.Status
MESSAGE = "analysis.tasks.transcript_execute"


@pytest.fixture(autouse=True)
def committed(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        yield


def test_a_request_is_a_row_and_then_a_message(recording, alice, published, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        transcript = transcript_request(recording=recording, by=alice)
        assert published == []
    assert published == [(MESSAGE, (str(transcript.pk),))]
    assert (transcript.status, transcript.requested_by) == (Status.QUEUED, alice)


def test_without_the_candidates_agreement_none_is_made(interview, alice):
    with pytest.raises(TranscriptRefused, match="agreement to a transcript is not stored"):
        transcript_request(recording=interview.recordings.get(), by=alice)
    assert not Transcript.objects.exists()


def test_of_another_language_none_is_made(recording, alice):
    interview_language_set(interview=recording.interview, by=recording.interview.owner, spoken_language="other")
    with pytest.raises(TranscriptRefused, match="English only"):
        transcript_request(recording=recording, by=alice)


def test_of_a_silent_film_none_is_made(recording, alice):
    recording.has_audio = False
    recording.save()
    with pytest.raises(TranscriptRefused, match="no audio track"):
        transcript_request(recording=recording, by=alice)


def test_one_at_a_time_and_one_that_succeeded_is_kept(queued, recording, alice, program):
    with pytest.raises(TranscriptRefused, match="already being made"):
        transcript_request(recording=recording, by=alice)
    transcript_execute(transcript_id=queued.pk)
    with pytest.raises(TranscriptRefused, match="already"):
        transcript_request(recording=recording, by=alice)


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED, Status.REFUSED])
def test_what_ended_without_sentences_starts_anew(queued, recording, alice, program, status):
    Transcript.objects.update(status=status, reason="Because.", attempts=3, progress=0.7, claim=queued.pk)
    again = transcript_request(recording=recording, by=alice)
    assert again.pk == queued.pk
    assert (again.status, again.reason, again.attempts, again.progress, again.claim) == ("queued", "", 0, 0.0, None)
    task(str(again.pk))
    assert Transcript.objects.get().status == Status.SUCCEEDED


def test_a_report_that_is_ready_asks_for_the_transcript(queued_run, recording, pipeline, published):
    run_execute(run_id=queued_run.pk)
    assert Transcript.objects.get().status == Status.QUEUED


def test_a_report_asks_for_none_that_was_not_agreed_to(queued_run, pipeline):
    run_execute(run_id=queued_run.pk)
    assert not Transcript.objects.exists()


def test_a_second_report_leaves_the_transcript_alone(transcript, alice, pipeline):
    from analysis.services import run_request

    run = run_request(recording=transcript.recording, by=alice)
    run_execute(run_id=run.pk)
    assert Transcript.objects.get().status == Status.SUCCEEDED
    assert transcript_request_agreed(recording=transcript.recording, by=alice) is None


def test_a_room_without_analysis_still_gets_its_transcript(recording):
    agree(recording.interview, "face", "eyes", "voice", given=False)
    room_recording_stored(recording)
    assert Transcript.objects.get().status == Status.QUEUED


def test_a_queued_transcript_is_cancelled_at_once(queued, alice):
    assert transcript_cancel(transcript=queued, by=alice).status == Status.CANCELLED
    assert transcript_cancel(transcript=queued, by=alice).status == Status.CANCELLED


def test_one_that_ended_cannot_be_cancelled(transcript, alice):
    with pytest.raises(TranscriptRefused, match="already ended"):
        transcript_cancel(transcript=transcript, by=alice)
