"""A candidate changes their answers: what runs stops, and what stood on them goes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from analysis.models import AnalysisRun, LabelFeedback, Playback, Transcript
from analysis.selectors import run_report
from analysis.services import RunConflict, metrics_recompute, run_cancel, run_execute, run_request, run_retry
from analysis.services.consent import consent_change, withdrawals_apply
from analysis.services.label_feedback import label_feedback_add
from interviews.models import AuditEntry, GazeCalibration, Room
from interviews.selectors import consents_of
from interviews.selectors.policy import interview_policy
from interviews.services.holds import hold_end, hold_set
from tests.factories.consent import agree
from tests.factories.runs import make_run

EVERYTHING = dict.fromkeys(("face", "eyes", "voice", "transcript", "sharing"), False)


@pytest.fixture
def withdraw(interview, django_capture_on_commit_callbacks):
    """``withdraw(recording=False)``: the candidate says no to everything, and to the recording too."""

    def change(**answers):
        with django_capture_on_commit_callbacks(execute=True):
            return consent_change(interview=interview, answers=EVERYTHING | answers)

    return change


def test_no_removes_results_and_transcript_and_keeps_the_recording(interview, succeeded_run, withdraw, settings):
    recording = interview.recordings.get()
    agree(interview, "transcript")
    Transcript.objects.create(recording=recording, status="succeeded")
    consents = withdraw()
    assert (consents.recording, consents.analysis, consents.transcript) == (True, False, False)
    assert not AnalysisRun.objects.exists()
    assert not Transcript.objects.exists()
    assert recording.file.storage.exists(recording.file.name)
    assert not [path for path in settings.MEDIA_ROOT.glob("timelines/**/*") if path.is_file()]
    assert AuditEntry.objects.first().details == {
        **dict.fromkeys(("face", "eyes", "voice", "transcript"), False),
        "analyses": 1,
        "transcripts": 1,
    }


def test_the_recording_is_erased_where_the_candidate_chooses_so(interview, alice, succeeded_run, withdraw):
    recording = interview.recordings.get()
    Playback.objects.get_or_create(recording=recording)
    Room.objects.create(interview=interview, host=alice, status="stored")
    assert not withdraw(recording=False).recording
    assert not interview.recordings.exists()
    assert not Playback.objects.exists()
    assert not recording.file.storage.exists(recording.file.name)
    assert Room.objects.get().status == "unrecorded"
    interview.refresh_from_db()


def test_a_run_that_is_under_way_writes_nothing_any_more(interview, queued_run, pipeline, withdraw):
    pipeline.during = lambda should_stop, progress: withdraw()
    run_execute(run_id=queued_run.pk)
    assert not AnalysisRun.objects.exists()


def test_analysis_retry_and_marks_ask_again(interview, alice, withdraw):
    withdraw()
    with pytest.raises(RunConflict, match="without analysis"):
        run_request(recording=interview.recordings.get(), by=alice)
    with pytest.raises(RunConflict, match="without analysis"):
        run_retry(run=make_run(interview, "failed"), by=alice)
    make_run(interview, "succeeded", timeline_file="gone")
    assert metrics_recompute(interview=interview) == [], "nothing is computed, and no timeline is read"


def test_a_hold_keeps_what_was_withdrawn_hidden_until_it_ends(
    interview, carol, client_of, succeeded_run, withdraw, django_capture_on_commit_callbacks
):
    until = timezone.now() + timedelta(days=9)
    hold = hold_set(interview=interview, by=carol, reason="A lawsuit.", until=until)
    running = run_request(recording=interview.recordings.get(), by=carol)
    withdraw(recording=False)
    running.refresh_from_db()
    assert running.status == "cancelled"
    assert interview.recordings.exists()
    assert run_report(run=succeeded_run)["metrics"] == {}, "kept, and not shown"
    recording, browser = interview.recordings.get(), client_of(carol)
    playback, _ = Playback.objects.get_or_create(recording=recording)
    for path in (f"recordings/{recording.pk}/", f"playback/{playback.pk}/", f"playback/{playback.pk}/poster.jpg"):
        assert browser.get(f"/media/{path}").status_code == 403, path
    assert browser.get(f"/api/v1/runs/{succeeded_run.pk}/people/1/picture.jpg").status_code in (403, 404)
    page = browser.get(f"/interviews/{interview.pk}/").content.decode()
    assert "kept by a hold on this interview, and shown to nobody" in page
    assert "<video" not in page
    assert withdrawals_apply() == 0
    hold_end(hold=hold, by=carol)
    with django_capture_on_commit_callbacks(execute=True):
        assert (withdrawals_apply(), withdrawals_apply()) == (1, 0)
    assert not interview.recordings.exists()
    assert not AnalysisRun.objects.exists()


def test_no_to_the_voice_alone_leaves_the_face(interview, succeeded_run, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        consent_change(interview=interview, answers={"voice": False})
    report = run_report(run=AnalysisRun.objects.get(pk=succeeded_run.pk))
    assert set(report["modalities"]) == {"facial_expression", "eye_emotion", "eye_gaze"}
    assert set(report["metrics"]) <= {"attentiveness", "deep_thinking"}
    assert not succeeded_run.modalities.filter(modality="speech_emotion").exists()
    policy = interview_policy(interview=interview)
    assert "speech_emotion" not in policy.modalities
    assert policy.left_out[-1].rule.title == "Not agreed to by the candidate"


def test_an_analysis_reads_what_is_agreed_to_and_nothing_else(interview, alice, pipeline):
    agree(interview, "face", "eyes", given=False)
    run = run_request(recording=interview.recordings.get(), by=alice)
    run_execute(run_id=run.pk)
    assert set(run.modalities.values_list("modality", flat=True)) == {"speech_emotion"}


def test_yes_no_yes_leaves_three_answers_and_a_yes_starts_nothing(interview, published, withdraw):
    withdraw()
    published.clear()
    withdraw(voice=True)
    assert [event.given for event in interview.consent_events.filter(purpose="voice")] == [True, False, True]
    assert consents_of(interview_id=interview.pk).analysis
    assert published == []
    assert not AnalysisRun.objects.exists()


def test_the_owner_is_told(interview, withdraw, mailoutbox):
    withdraw()
    (mail,) = mailoutbox
    assert mail.to == ["alice@northwind.example"]
    assert "Analysis of the face: no longer agreed." in mail.body


def test_what_people_said_of_readings_and_the_calibration_go_too(interview, alice, succeeded_run, withdraw):
    for modality in ("facial_expression", "speech_emotion"):
        label_feedback_add(run=succeeded_run, by=alice, modality=modality, start_s=1.0, end_s=3.0)
    room = Room.objects.create(interview=interview, host=alice)
    GazeCalibration.objects.create(room=room, parameters={}, error_degrees=2.0, points=9)
    consent_change(interview=interview, answers={"voice": False})
    assert list(LabelFeedback.objects.values_list("modality", flat=True)) == ["facial_expression"]
    withdraw()
    assert not LabelFeedback.objects.exists()
    assert not GazeCalibration.objects.exists()


def test_a_calibration_of_before_a_no_does_not_count_after_a_new_yes_though_a_hold_keeps_it(interview, alice, carol):
    hold_set(interview=interview, by=carol, reason="A lawsuit.", until=timezone.now() + timedelta(days=9))
    room = Room.objects.create(interview=interview, host=alice)
    GazeCalibration.objects.create(room=room, parameters={"a": 1}, error_degrees=2.0, points=9)
    before = run_request(recording=interview.recordings.get(), by=alice)
    assert before.options["gaze_calibration"] == {"a": 1}
    consent_change(interview=interview, answers={"eyes": False})
    consent_change(interview=interview, answers={"eyes": True})
    before.refresh_from_db()
    again = run_retry(run=before, by=alice)
    assert (before.status, "gaze_calibration" in again.options) == ("cancelled", False)
    run_cancel(run=again, by=alice)
    assert "gaze_calibration" not in run_request(recording=interview.recordings.get(), by=alice).options
    assert interview.held_revisions.get().fields["parameters"] == {"a": 1}
