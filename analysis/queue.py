"""Publishes runs, transcripts, playback, robustness and model jobs to the workers. A message holds only the row's id;
the row has the state.

Messages are sent by task name, so that only the worker imports :mod:`analysis.tasks`.
"""

from __future__ import annotations

import logging
from typing import Final
from uuid import UUID

from celery import current_app
from django.utils import timezone

from analysis.models import AnalysisRun, ModelJob, Playback, Robustness, Transcript, Work

logger = logging.getLogger(__name__)

EXECUTE_TASK: Final = "analysis.tasks.run_execute"
EXECUTE_JOB_TASK: Final = "analysis.tasks.model_job_execute"
EXECUTE_TRANSCRIPT_TASK: Final = "analysis.tasks.transcript_execute"
EXECUTE_PLAYBACK_TASK: Final = "analysis.tasks.playback_execute"
EXECUTE_ROBUSTNESS_TASK: Final = "analysis.tasks.robustness_execute"


def run_publish(run_id: UUID) -> bool:
    """Publish the message for a queued run; returns whether the queue accepted it.

    A queue that is down does not fail the request: the row stays queued, and :func:`analysis.services.runs_reap`
    publishes it again. A duplicate message is harmless, because a run is claimed by a conditional update.
    """
    return _publish(EXECUTE_TASK, AnalysisRun, run_id)


def job_publish(job_id: UUID) -> bool:
    """Publish a model job; :func:`analysis.services.model_jobs_reap` publishes it again if needed."""
    return _publish(EXECUTE_JOB_TASK, ModelJob, job_id)


def transcript_publish(transcript_id: UUID) -> bool:
    """Publish a transcript; :func:`analysis.services.transcripts_reap` publishes it again if needed."""
    return _publish(EXECUTE_TRANSCRIPT_TASK, Transcript, transcript_id)


def playback_publish(playback_id: UUID) -> bool:
    """Publish a playback; :func:`analysis.services.playbacks_reap` publishes it again if needed."""
    return _publish(EXECUTE_PLAYBACK_TASK, Playback, playback_id)


def robustness_publish(robustness_id: UUID) -> bool:
    """Publish a robustness; :func:`analysis.services.robustnesses_reap` publishes it again if needed."""
    return _publish(EXECUTE_ROBUSTNESS_TASK, Robustness, robustness_id)


def _publish(task: str, model: type[Work], row_id: UUID) -> bool:
    try:
        current_app.send_task(task, args=[str(row_id)], retry_policy={"max_retries": 1, "interval_start": 0.1})
    except Exception:
        # Every transport raises its own kinds of error; none of them may lose the request.
        logger.exception("%s %s could not be published and stays queued", model._meta.verbose_name, row_id)
        return False
    model._default_manager.filter(pk=row_id).update(published_at=timezone.now())
    return True
