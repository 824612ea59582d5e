"""One attempt at one run: claim, results, and every way in which it can end."""

import time
import uuid

import pytest
from django.core.files.storage import default_storage

from analysis.models import AnalysisRun, MetricResult, ModalityResult, ModelVersion
from analysis.services import run_cancel, run_execute, worker_stop
from analysis.services.attempts import heartbeat, stopping
from analysis.timelines import timelines_read
from interviews.services import question_add

Status = AnalysisRun.Status


def stored_files(run: AnalysisRun) -> list[str]:
    try:
        return default_storage.listdir(f"timelines/{run.pk}")[1]
    except FileNotFoundError:
        return []


def content_of(recording) -> bytes:
    with recording.file.open() as file:
        return file.read()


def wait_until(condition, *, limit_s: float = 5.0) -> None:
    limit = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < limit, "this should have happened by now"
        time.sleep(0.02)


def test_a_run_ends_in_rows_a_timeline_file_and_its_lanes(queued_run, pipeline, timelines):
    version = ModelVersion.objects.create(
        modality="eye_gaze",
        name="eye_gaze-net",
        version="v1",
        sha256=pipeline.result.modalities["eye_gaze"].model.sha256,
        status="active",
    )
    run_execute(run_id=queued_run.pk)
    run = AnalysisRun.objects.get()
    assert (run.status, run.attempts, run.progress, run.stage, run.failure_reason) == ("succeeded", 1, 1.0, "", "")
    assert run.started_at <= run.finished_at
    assert pipeline.calls[0][1].fps == queued_run.options["fps"]
    assert pipeline.calls[0][0].read_bytes() == content_of(run.recording)
    assert {result.modality for result in run.modalities.all()} == set(timelines)
    gaze = run.modalities.get(modality="eye_gaze")
    assert gaze.model_version == version
    assert gaze.counts["left"] == 40
    assert gaze.counts["unknown"] == 2
    assert gaze.shares["left"] == pytest.approx(4 / 19.8)
    assert gaze.coverage == pytest.approx(19.8 / 20)
    assert run.modalities.get(modality="eye_emotion").model_version is None
    assert run.metrics.count() == 4
    assert sorted(stored_files(run)) == [f"{run.claim}.json.gz", f"{run.claim}.lanes-1"]
    assert timelines_read(run.timeline_file.name, with_probabilities=True).timelines == timelines


def test_a_second_message_finds_nothing_to_do(queued_run, pipeline):
    pipeline.during = lambda should_stop, progress: run_execute(run_id=queued_run.pk)
    run_execute(run_id=queued_run.pk)
    run_execute(run_id=queued_run.pk)
    assert len(pipeline.calls) == 1
    assert AnalysisRun.objects.get().attempts == 1


def test_a_message_for_a_deleted_run_is_dropped(db, pipeline):
    run_execute(run_id=uuid.uuid4())
    assert pipeline.calls == []


@pytest.mark.parametrize("status", sorted(AnalysisRun.TERMINAL))
def test_nothing_leads_out_of_a_final_state(queued_run, pipeline, status):
    AnalysisRun.objects.update(status=status)
    run_execute(run_id=queued_run.pk)
    assert pipeline.calls == []
    assert AnalysisRun.objects.get().status == status


def test_a_worker_whose_claim_was_taken_over_cannot_write(queued_run, pipeline, caplog):
    other = uuid.uuid4()
    pipeline.during = lambda should_stop, progress: AnalysisRun.objects.update(claim=other, attempts=2)
    run_execute(run_id=queued_run.pk)
    run = AnalysisRun.objects.get()
    assert (run.status, run.claim, run.finished_at) == (Status.RUNNING, other, None)
    assert not ModalityResult.objects.exists()
    assert not MetricResult.objects.exists()
    assert stored_files(run) == []
    assert "was taken from this worker" in caplog.text


@pytest.mark.parametrize("error", [ValueError("late"), KeyError("late")])
def test_a_late_failure_of_a_taken_over_attempt_changes_nothing(queued_run, pipeline, error):
    other = uuid.uuid4()
    pipeline.during = lambda should_stop, progress: AnalysisRun.objects.update(claim=other)
    pipeline.error = error
    run_execute(run_id=queued_run.pk)
    assert AnalysisRun.objects.get().status == Status.RUNNING


def test_a_run_whose_interview_was_deleted_leaves_nothing(queued_run, pipeline):
    pipeline.during = lambda should_stop, progress: queued_run.recording.interview.delete()
    run_execute(run_id=queued_run.pk)
    assert not AnalysisRun.objects.exists()
    assert stored_files(queued_run) == []


def test_a_request_to_cancel_at_the_last_moment_is_honoured(queued_run, pipeline, alice):
    pipeline.during = lambda should_stop, progress: run_cancel(run=queued_run, by=alice)
    run_execute(run_id=queued_run.pk)
    run = AnalysisRun.objects.get()
    assert run.status == Status.CANCELLED
    assert not run.modalities.exists()
    assert stored_files(run) == []


def test_a_bad_recording_fails_with_its_own_sentence(queued_run, pipeline):
    from analysis.pipeline import MediaError

    pipeline.error = MediaError("truncated")
    run_execute(run_id=queued_run.pk)
    run = AnalysisRun.objects.get()
    assert (run.status, run.failure_reason) == (Status.FAILED, MediaError("truncated").sentence)


def test_an_internal_error_is_logged_under_the_reference_that_the_recruiter_sees(queued_run, pipeline, caplog):
    pipeline.error = ZeroDivisionError("secret detail")
    run_execute(run_id=queued_run.pk)
    run = AnalysisRun.objects.get()
    reference = run.claim.hex[:8].upper()
    assert run.status == Status.FAILED
    assert run.failure_reason == (
        f"The analysis stopped because of an internal error (reference {reference}). "
        "Your recording is kept; you can try again."
    )
    assert f"reference {reference}" in caplog.text
    assert "secret detail" in caplog.text


def test_a_missing_file_is_named(queued_run, pipeline):
    default_storage.delete(queued_run.recording.file.name)
    run_execute(run_id=queued_run.pk)
    assert "missing from storage" in AnalysisRun.objects.get().failure_reason
    assert pipeline.calls == []


def test_results_that_cannot_be_stored_leave_no_file(queued_run, pipeline, monkeypatch):
    def full(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(MetricResult.objects, "bulk_create", full)
    run_execute(run_id=queued_run.pk)
    run = AnalysisRun.objects.get()
    assert run.status == Status.FAILED
    assert not run.modalities.exists()
    assert stored_files(run) == []


def test_questions_marked_during_the_run_are_counted(queued_run, pipeline, alice):
    interview = queued_run.recording.interview
    pipeline.during = lambda should_stop, progress: question_add(interview=interview, by=alice, at_s=9.0)
    run_execute(run_id=queued_run.pk)
    assert MetricResult.objects.get(metric="deep_thinking").value == pytest.approx(4 / 10.5)


def test_a_recording_in_remote_storage_is_copied_for_the_worker(queued_run, pipeline, monkeypatch):
    def no_path(self):
        raise NotImplementedError("not on this machine")

    monkeypatch.setattr("django.db.models.fields.files.FieldFile.path", property(no_path))
    seen = []
    pipeline.during = lambda should_stop, progress: seen.append(pipeline.calls[0][0].read_bytes())
    run_execute(run_id=queued_run.pk)
    assert AnalysisRun.objects.get().status == Status.SUCCEEDED
    assert seen == [content_of(queued_run.recording)]
    assert not pipeline.calls[0][0].exists()


@pytest.mark.django_db(transaction=True)
def test_a_running_worker_stops_soon_after_it_is_asked_to(queued_run, pipeline, alice, monkeypatch):
    from analysis.pipeline import AnalysisStopped

    monkeypatch.setattr(heartbeat, "INTERVAL_S", 0.01)

    def during(should_stop, progress):
        run_cancel(run=queued_run, by=alice)
        wait_until(should_stop)
        raise AnalysisStopped

    pipeline.during = during
    run_execute(run_id=queued_run.pk)
    assert AnalysisRun.objects.get().status == Status.CANCELLED


def test_a_worker_that_is_told_to_stop_hands_its_run_back(queued_run, pipeline, monkeypatch):
    from analysis.pipeline import AnalysisStopped

    monkeypatch.setattr(stopping, "_asked", bytearray(1))

    def during(should_stop, progress):
        assert not should_stop()
        worker_stop()
        assert should_stop()
        raise AnalysisStopped

    pipeline.during = during
    run_execute(run_id=queued_run.pk)
    run = AnalysisRun.objects.get()
    assert (run.status, run.attempts, run.claim, run.published_at) == (Status.QUEUED, 0, None, None)


@pytest.mark.django_db(transaction=True)
def test_progress_and_signs_of_life_reach_the_row(queued_run, pipeline, monkeypatch):
    from analysis.pipeline import Progress

    monkeypatch.setattr(heartbeat, "INTERVAL_S", 0.01)
    rows = []

    def during(should_stop, progress):
        row = AnalysisRun.objects.filter(pk=queued_run.pk)
        started = row.get().heartbeat_at
        progress(Progress("Looking at the face", 0.5))
        wait_until(lambda: row.get().progress == 0.5)
        progress(Progress("Looking at the face", 0.4))
        wait_until(lambda: row.get().heartbeat_at > started)
        rows.append(row.get())
        assert not should_stop()

    pipeline.during = during
    run_execute(run_id=queued_run.pk)
    assert rows[0].stage == "Looking at the face"
    assert rows[0].progress == 0.5
    assert rows[0].remaining_s is not None
    assert AnalysisRun.objects.get().status == Status.SUCCEEDED


@pytest.mark.django_db(transaction=True)
def test_a_worker_notices_that_it_was_given_up(queued_run, pipeline, monkeypatch):
    from analysis.pipeline import AnalysisStopped

    monkeypatch.setattr(heartbeat, "INTERVAL_S", 0.01)

    def during(should_stop, progress):
        AnalysisRun.objects.update(status=Status.QUEUED, claim=None)
        wait_until(should_stop)
        raise AnalysisStopped

    pipeline.during = during
    run_execute(run_id=queued_run.pk)
    assert AnalysisRun.objects.get().status == Status.QUEUED


def test_remaining_time_is_unknown_at_first_and_then_follows_the_progress(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(heartbeat.time, "monotonic", lambda: now[0])
    remaining = heartbeat.RemainingTime()
    now[0] = 1.0
    assert remaining.update(0.0) is None
    now[0] = 10.0
    assert remaining.update(0.5) == pytest.approx(10.0)
    now[0] = 15.0
    assert remaining.update(0.75) == pytest.approx(5.0)
    now[0] = 16.0
    # A stall: 16 s for 75 % means 5.3 s left; the figure moves towards that, and does not jump.
    assert 4.0 < remaining.update(0.75) < 16.0 / 3


def test_who_asked_for_a_run_is_told_how_it_ended(queued_run, pipeline, alice):
    pipeline.error = RuntimeError("broken")
    run_execute(run_id=queued_run.pk)
    assert [row.kind for row in alice.notifications.all()] == ["report_failed"]
