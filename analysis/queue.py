"""Hand a run to the workers. A message only says "look at this row"; the row decides what happens.

Messages go out by task name, so that nothing but the worker imports :mod:`analysis.tasks`.
"""

from __future__ import annotations

import logging
from typing import Final
from uuid import UUID

from celery import current_app
from django.utils import timezone

from analysis.models import AnalysisRun

logger = logging.getLogger(__name__)

EXECUTE_TASK: Final = "analysis.tasks.run_execute"


def run_publish(run_id: UUID) -> bool:
    """Publish the message for a queued run; returns whether the queue took it.

    A queue that is down does not fail the request: the row stays queued, and :func:`analysis.services.runs_reap`
    publishes it again. The same message twice is harmless, since a run is claimed by a conditional update.
    """
    try:
        current_app.send_task(
            EXECUTE_TASK,
            args=[str(run_id)],
            retry_policy={"max_retries": 1, "interval_start": 0.1},
        )
    except Exception:
        # Every transport raises its own kinds of error; none of them may lose the request.
        logger.exception("run %s could not be published and stays queued", run_id)
        return False
    AnalysisRun.objects.filter(pk=run_id).update(published_at=timezone.now())
    return True
