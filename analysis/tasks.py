"""The Celery tasks; each one only delegates. Schedule, queues and limits are the ``CELERY_*`` names of settings.py."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from celery.signals import worker_shutting_down

from analysis import services
from analysis.queue import (
    EXECUTE_JOB_TASK,
    EXECUTE_PLAYBACK_TASK,
    EXECUTE_ROBUSTNESS_TASK,
    EXECUTE_TASK,
    EXECUTE_TRANSCRIPT_TASK,
)
from analysis.services.live.rooms import room_recording_stored
from interviews.services import rooms
from interviews.services.holds import held_revisions_erase


@shared_task(name=EXECUTE_TASK)
def run_execute(run_id: str) -> None:
    services.run_execute_next(published=UUID(run_id))


@shared_task(name="analysis.tasks.runs_reap")
def runs_reap() -> None:
    services.runs_reap()


@shared_task(name="analysis.tasks.timelines_sweep")
def timelines_sweep() -> None:
    services.timelines_sweep()


@shared_task(name="analysis.tasks.retention_apply")
def retention_apply() -> None:
    services.retention_apply()
    services.withdrawals_apply()
    rooms.held_erase()
    held_revisions_erase()
    rooms.parts_erase()


@shared_task(name="analysis.tasks.policy_enforce")
def policy_enforce() -> None:
    services.results_prune_all()


@shared_task(name="analysis.tasks.model_versions_verify")
def model_versions_verify() -> None:
    services.model_versions_verify()


@shared_task(name=EXECUTE_TRANSCRIPT_TASK)
def transcript_execute(transcript_id: str) -> None:
    services.transcript_execute(transcript_id=UUID(transcript_id))


@shared_task(name="analysis.tasks.transcripts_reap")
def transcripts_reap() -> None:
    services.transcripts_reap()


@shared_task(name=EXECUTE_PLAYBACK_TASK)
def playback_execute(playback_id: str) -> None:
    services.playback_execute(playback_id=UUID(playback_id))


@shared_task(name="analysis.tasks.playbacks_reap")
def playbacks_reap() -> None:
    services.playbacks_reap()


@shared_task(name="analysis.tasks.playback_files_sweep")
def playback_files_sweep() -> None:
    services.playback_files_sweep()


@shared_task(name=EXECUTE_ROBUSTNESS_TASK)
def robustness_execute(robustness_id: str) -> None:
    services.robustness_execute(robustness_id=UUID(robustness_id))


@shared_task(name="analysis.tasks.robustnesses_reap")
def robustnesses_reap() -> None:
    services.robustnesses_reap()


@shared_task(name=EXECUTE_JOB_TASK)
def model_job_execute(job_id: str) -> None:
    services.model_job_execute(job_id=UUID(job_id))


@shared_task(name="analysis.tasks.model_jobs_reap")
def model_jobs_reap() -> None:
    services.model_jobs_reap()


@shared_task(name="analysis.tasks.model_jobs_sweep")
def model_jobs_sweep() -> None:
    services.model_jobs_sweep()


@shared_task(name=rooms.STORE_TASK)
def room_store(room_id: str) -> None:
    rooms.room_store(room_id=UUID(room_id), then=room_recording_stored)


@worker_shutting_down.connect
def worker_stop(**about: Any) -> None:
    services.worker_stop()
