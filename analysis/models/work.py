"""The abstract base of all rows that a worker claims."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from interviews.models import Identified


class Work(Identified):
    """A request that one worker claims, executes and finishes. The row is authoritative for its state, not the queue.

    Subclasses define the states (:class:`FiveStates`, or more). :class:`AnalysisRun` documents the transitions,
    :mod:`analysis.services.attempts.state_machine` implements them.
    """

    progress = models.FloatField(default=0.0, help_text="0..1")
    claim = models.UUIDField(null=True, blank=True, help_text="The attempt that may write to this row.")
    heartbeat_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of life of the claiming worker.")
    published_at = models.DateTimeField(null=True, blank=True, help_text="When the queue last took a message for it.")
    cancel_requested_at = models.DateTimeField(null=True, blank=True)

    stage = models.CharField(max_length=200, blank=True, help_text="What the worker is doing, in words.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Times a worker has claimed this row.")

    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class WorkStatus(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class FiveStates(models.Model):
    """The usual states of :class:`Work`."""

    Status = WorkStatus
    ACTIVE: ClassVar = frozenset({WorkStatus.QUEUED, WorkStatus.RUNNING})
    TERMINAL: ClassVar = frozenset({WorkStatus.SUCCEEDED, WorkStatus.FAILED, WorkStatus.CANCELLED})

    status = models.CharField(max_length=16, choices=WorkStatus.choices, default=WorkStatus.QUEUED)

    class Meta:
        abstract = True

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE
