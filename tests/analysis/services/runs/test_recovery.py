"""Nothing is lost when a worker or a message is."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from analysis.models import AnalysisRun
from analysis.services import run_execute, run_request, runs_reap

Status = AnalysisRun.Status


def seconds_ago(seconds: float):
    return timezone.now() - timedelta(seconds=seconds)


@pytest.fixture
def abandoned_run(queued_run):
    """Its worker was killed 31 s ago, in its first attempt."""
    AnalysisRun.objects.update(
        status=Status.RUNNING,
        attempts=1,
        claim=uuid.uuid4(),
        heartbeat_at=seconds_ago(31),
        started_at=seconds_ago(60),
        published_at=seconds_ago(61),
        progress=0.7,
        stage="Listening",
    )
    queued_run.refresh_from_db()
    return queued_run


def test_a_run_whose_worker_died_is_queued_and_published_again(abandoned_run, published, pipeline):
    runs_reap()
    run = AnalysisRun.objects.get()
    assert (run.status, run.attempts, run.claim, run.progress) == (Status.QUEUED, 1, None, 0.0)
    assert published == [("analysis.tasks.run_execute", (str(run.pk),))]
    run_execute(run_id=run.pk)
    run.refresh_from_db()
    assert (run.status, run.attempts) == (Status.SUCCEEDED, 2)


def test_a_worker_that_still_gives_signs_of_life_is_left_alone(abandoned_run, published):
    AnalysisRun.objects.update(heartbeat_at=seconds_ago(29))
    runs_reap()
    assert AnalysisRun.objects.get().status == Status.RUNNING
    assert published == []


def test_the_third_interruption_is_the_last(abandoned_run, published, pipeline):
    for attempt in (2, 3):
        runs_reap()
        pipeline.during = lambda should_stop, progress: (_ for _ in ()).throw(KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            run_execute(run_id=abandoned_run.pk)
        AnalysisRun.objects.update(heartbeat_at=seconds_ago(31))
        assert AnalysisRun.objects.get().attempts == attempt
    orphan = default_storage.save(f"timelines/{abandoned_run.pk}/{uuid.uuid4()}.json.gz", ContentFile(b"half"))
    published.clear()
    runs_reap()
    run = AnalysisRun.objects.get()
    assert run.status == Status.FAILED
    assert "interrupted three times" in run.failure_reason
    assert "recording is kept" in run.failure_reason
    assert run.finished_at is not None
    assert published == []
    assert not default_storage.exists(orphan)


def test_a_run_that_was_being_cancelled_when_its_worker_died_is_cancelled(abandoned_run, published):
    AnalysisRun.objects.update(cancel_requested_at=seconds_ago(35))
    runs_reap()
    assert AnalysisRun.objects.get().status == Status.CANCELLED
    assert published == []


def test_a_queued_run_whose_message_was_never_taken_is_published_again_once_a_minute(queued_run, published):
    published.clear()
    AnalysisRun.objects.update(created_at=seconds_ago(59))
    runs_reap()
    assert published == []
    AnalysisRun.objects.update(created_at=seconds_ago(61))
    runs_reap()
    runs_reap()
    assert published == [("analysis.tasks.run_execute", (str(queued_run.pk),))]
    AnalysisRun.objects.update(published_at=seconds_ago(61))
    runs_reap()
    assert len(published) == 2


def test_a_run_that_waits_its_turn_is_not_published_again(abandoned_run, alice, make_interview, published):
    AnalysisRun.objects.update(heartbeat_at=timezone.now())
    waiting = run_request(recording=make_interview(alice).recordings.get(), by=alice)
    AnalysisRun.objects.filter(pk=waiting.pk).update(published_at=seconds_ago(60.5), created_at=seconds_ago(60.5))
    published.clear()
    runs_reap()
    assert published == []


def test_a_run_that_has_no_message_is_published_while_workers_are_busy(abandoned_run, alice, make_interview, published):
    AnalysisRun.objects.update(heartbeat_at=timezone.now())
    waiting = run_request(recording=make_interview(alice).recordings.get(), by=alice)
    AnalysisRun.objects.filter(pk=waiting.pk).update(published_at=None, created_at=seconds_ago(300))
    published.clear()
    runs_reap()
    assert published == [("analysis.tasks.run_execute", (str(waiting.pk),))]


@pytest.mark.parametrize("status", sorted(AnalysisRun.TERMINAL))
def test_finished_runs_stay_finished(abandoned_run, published, status):
    AnalysisRun.objects.update(status=status)
    runs_reap()
    assert AnalysisRun.objects.get().status == status
    assert published == []


def test_the_tasks_only_delegate(queued_run, pipeline, published):
    from analysis import tasks

    tasks.run_execute(str(queued_run.pk))
    assert AnalysisRun.objects.get().status == Status.SUCCEEDED
    tasks.runs_reap()
    assert AnalysisRun.objects.get().status == Status.SUCCEEDED


def test_the_schedule_and_the_routes_name_tasks_that_exist(settings):
    from analysis import tasks
    from analysis.queue import EXECUTE_TASK

    names = {task.name for task in vars(tasks).values() if hasattr(task, "delay")}
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.runs_reap.name in scheduled
    assert settings.CELERY_TASK_ROUTES[EXECUTE_TASK] == {"queue": "analysis"}
    assert {name for name in scheduled if name.startswith("analysis.")} <= names
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
