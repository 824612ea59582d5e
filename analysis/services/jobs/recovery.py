"""Recovery of jobs whose worker or message was lost, and removal of the files of ended jobs."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone

from analysis.models import ModelJob
from analysis.queue import job_publish
from analysis.services.attempts.state_machine import work_publish_idle, work_recover
from analysis.services.jobs.requests import upload_discard
from analysis.services.jobs.uploads import UPLOADS

KEPT_FOR: Final = timedelta(days=30)
"""How long a failed or cancelled job can be resumed. After that, its checkpoints and its upload are removed."""
STRAY_AFTER: Final = timedelta(days=1)
INTERRUPTED: Final = (
    "The job was interrupted three times before it could finish, for example because the server ran out of memory. "
    "What it had done is kept; you can resume it."
)


def model_jobs_reap() -> None:
    """Recover jobs of dead workers and lost messages; the scheduler calls this every 10 seconds.

    A job that is running without a heartbeat goes back to the queue, fails on the third attempt, or is cancelled if
    that was requested. A job that waits although none is running is published again, at most once a minute.
    """
    work_recover(
        ModelJob.objects.all(), publish=job_publish, final={}, failed={"failure_reason": INTERRUPTED}, queued={}
    )
    # Jobs run one at a time, so waiting is normal while one runs.
    work_publish_idle(ModelJob.objects.all(), publish=job_publish)


def model_jobs_sweep() -> int:
    """Remove checkpoints and uploads of jobs that ended long ago or were deleted; returns how many jobs and files."""
    now = timezone.now()
    removed = 0
    for job in ModelJob.objects.filter(finished_at__lt=now - KEPT_FOR).exclude(upload=""):
        upload_discard(job)
        removed += 1
    removed += _strays_remove(now)
    folder = Path(settings.MODEL_JOBS_DIR)
    wanted = ModelJob.objects.filter(Q(finished_at=None) | Q(finished_at__gte=now - KEPT_FOR))
    for path in folder.iterdir() if folder.is_dir() else ():
        job_id = _uuid(path.name)
        if job_id is not None and not wanted.filter(pk=job_id).exists():
            shutil.rmtree(path, ignore_errors=True)
            removed += 1
    return removed


def _strays_remove(now: datetime) -> int:
    """Uploads without a row, left by a crash after the file was written and before the row was."""
    try:
        _, files = default_storage.listdir(UPLOADS)
    except FileNotFoundError:
        return 0
    known = set(ModelJob.objects.exclude(upload="").values_list("upload", flat=True))
    strays = [name for file in files if (name := f"{UPLOADS}/{file}") not in known]
    old = [name for name in strays if default_storage.get_modified_time(name) < now - STRAY_AFTER]
    for name in old:
        default_storage.delete(name)
    return len(old)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
