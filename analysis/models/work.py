"""What every row that a worker claims has in common."""

from __future__ import annotations

from django.db import models

from interviews.models import Identified


class Work(Identified):
    """A request that one worker claims, works on and ends. The row, not the queue, is the truth about the work.

    Those who inherit say which states there are (``queued``, ``running``, ``succeeded``, ``failed``, ``cancelled``),
    and name their ``attempts``. The arrows are drawn in :class:`AnalysisRun` and written in
    :mod:`analysis.services.work`.
    """

    progress = models.FloatField(default=0.0, help_text="0..1")
    claim = models.UUIDField(null=True, blank=True, help_text="The attempt that may write to this row.")
    heartbeat_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of life of the claiming worker.")
    published_at = models.DateTimeField(null=True, blank=True, help_text="When the queue last took a message for it.")
    cancel_requested_at = models.DateTimeField(null=True, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
