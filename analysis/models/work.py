"""The abstract base of all rows that a worker claims."""

from __future__ import annotations

from django.db import models

from interviews.models import Identified


class Work(Identified):
    """A request that one worker claims, executes and finishes. The row is authoritative for its state, not the queue.

    Subclasses define the states (``queued``, ``running``, ``succeeded``, ``failed``, ``cancelled``) and the field
    ``attempts``. :class:`AnalysisRun` documents the transitions, :mod:`analysis.services.work` implements them.
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
