"""What people ask for: analyse, cancel, try again."""

import pytest
from django.db import IntegrityError, transaction

from analysis.metrics.definitions import METRICS
from analysis.models import AnalysisRun, MetricKey, Modality
from analysis.services import RunConflict, run_cancel, run_request, run_retry
from ml.modalities import MODALITIES

Status = AnalysisRun.Status


def test_the_choices_are_the_keys_of_the_recognisers_and_the_metrics():
    assert tuple(Modality.values) == MODALITIES
    assert tuple(MetricKey.values) == METRICS


def test_a_request_is_a_queued_row_whose_message_goes_out_after_the_commit(
    interview, alice, published, settings, django_capture_on_commit_callbacks
):
    settings.ANALYSIS_FPS = 5.0
    with django_capture_on_commit_callbacks(execute=True):
        run = run_request(recording=interview.recordings.get(), by=alice)
        assert published == []
    run.refresh_from_db()
    options = {"fps": 5.0, "corrects_prior": True}
    assert (run.status, run.attempts, run.requested_by, run.options) == (Status.QUEUED, 0, alice, options)
    assert published == [("analysis.tasks.run_execute", (str(run.pk),))]
    assert run.published_at is not None


def test_a_queue_that_is_down_leaves_the_run_queued(
    interview, alice, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def down(*args, **options):
        raise ConnectionError("no broker")

    monkeypatch.setattr("celery.current_app.send_task", down)
    with django_capture_on_commit_callbacks(execute=True):
        run = run_request(recording=interview.recordings.get(), by=alice)
    run.refresh_from_db()
    assert (run.status, run.published_at) == (Status.QUEUED, None)
    assert "could not be published" in caplog.text


def test_a_recording_has_one_active_run_at_a_time(queued_run, alice):
    with pytest.raises(RunConflict, match="already being analysed"):
        run_request(recording=queued_run.recording, by=alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnalysisRun.objects.create(recording=queued_run.recording, status=Status.RUNNING)
    assert AnalysisRun.objects.count() == 1


def test_cancelling_a_queued_run_is_immediate(queued_run, alice):
    run = run_cancel(run=queued_run, by=alice)
    assert run.status == Status.CANCELLED
    assert run.finished_at is not None


def test_cancelling_a_running_run_asks_its_worker(queued_run, alice):
    AnalysisRun.objects.update(status=Status.RUNNING)
    run = run_cancel(run=queued_run, by=alice)
    asked_at = run.cancel_requested_at
    assert run.status == Status.RUNNING
    assert asked_at is not None
    assert run_cancel(run=queued_run, by=alice).cancel_requested_at == asked_at


@pytest.mark.parametrize("status", [Status.SUCCEEDED, Status.FAILED])
def test_a_finished_run_cannot_be_cancelled(queued_run, alice, status):
    AnalysisRun.objects.update(status=status)
    with pytest.raises(RunConflict, match="already finished"):
        run_cancel(run=queued_run, by=alice)


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_a_retry_is_a_new_row_and_the_old_one_stays(queued_run, carol, status, published):
    AnalysisRun.objects.update(status=status, failure_reason="Because.", options={"fps": 3.0})
    queued_run.refresh_from_db()
    again = run_retry(run=queued_run, by=carol)
    assert again.pk != queued_run.pk
    assert (again.status, again.requested_by, again.options) == (Status.QUEUED, carol, {"fps": 3.0})
    queued_run.refresh_from_db()
    assert (queued_run.status, queued_run.failure_reason) == (status, "Because.")
    with pytest.raises(RunConflict, match="already being analysed"):
        run_retry(run=queued_run, by=carol)


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.SUCCEEDED])
def test_only_failed_and_cancelled_runs_are_retried(queued_run, alice, status):
    AnalysisRun.objects.update(status=status)
    queued_run.refresh_from_db()
    with pytest.raises(RunConflict):
        run_retry(run=queued_run, by=alice)


def test_the_organization_decides_whether_the_class_prior_is_corrected_for(interview, alice):
    interview.organization.corrects_prior = False
    interview.organization.save()
    run = run_request(recording=interview.recordings.get(), by=alice)
    assert run.options["corrects_prior"] is False
