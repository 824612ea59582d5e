"""The audit log: who looked at what and who changed it, in a hash chain. It has ids and no content."""

import hashlib
import json
import uuid
from typing import Any

from django.db import models

from interviews.querysets import AppendOnlyQuerySet

FIRST_SHA256 = "0" * 64
"""What the first entry has in place of the hash of the one before."""


class AuditEntry(models.Model):
    """One thing that somebody did. ``sha256`` is the hash of every other field, with that of the entry before.

    Ids stand without foreign keys: an entry outlives what it is about. A deleted account leaves a pseudonym.
    """

    class Action(models.TextChoices):
        LOGIN = "login", "Logged in"
        LOCKED_OUT = "locked_out", "Was locked out"
        REPORT_VIEWED = "report_viewed", "Viewed a report"
        RECORDING_PLAYED = "recording_played", "Played a recording"
        FRAME_VIEWED = "frame_viewed", "Viewed a picture"
        LIVE_WATCHED = "live_watched", "Watched a live interview"
        EXPORTED = "exported", "Exported"
        INTERVIEW_ADDED = "interview_added", "Added an interview"
        INTERVIEW_CHANGED = "interview_changed", "Changed an interview"
        INTERVIEW_DELETED = "interview_deleted", "Deleted an interview"
        MARKS_CHANGED = "marks_changed", "Changed question marks"
        READINGS_CHANGED = "readings_changed", "Changed how a recording is read"
        TRANSCRIPT_CHANGED = "transcript_changed", "Corrected a transcript"
        NOTES_CHANGED = "notes_changed", "Changed notes"
        RATING_CHANGED = "rating_changed", "Rated or decided"
        SHARING_CHANGED = "sharing_changed", "Changed what is shared"
        SHARE_VIEWED = "share_viewed", "Opened a shared page"
        COMMENTED = "commented", "Commented on a report"
        REQUEST_MADE = "request_made", "Asked for a copy or for erasure"
        CONSENT_CHANGED = "consent_changed", "Answered what they agree to"
        INVITATION_CHANGED = "invitation_changed", "Changed an invitation"
        ACCESS_CHANGED = "access_changed", "Changed who has access"
        ACCOUNT_CHANGED = "account_changed", "Changed an account"
        SETTINGS_CHANGED = "settings_changed", "Changed what an organization is"
        MODEL_CHANGED = "model_changed", "Changed a model version"
        POLICY_CHANGED = "policy_changed", "Changed what is allowed"
        HOLD_CHANGED = "hold_changed", "Changed what must not be erased"
        BREAK_GLASS = "break_glass", "Opened people's data as administrator of the installation"

    class Actor(models.TextChoices):
        PERSON = "person", "A person"
        CANDIDATE = "candidate", "The candidate"
        SYSTEM = "system", "Candor"

    number = models.PositiveBigIntegerField(primary_key=True, help_text="From 1, without gaps.")
    at = models.DateTimeField()
    action = models.CharField(max_length=32, choices=Action.choices)
    actor_kind = models.CharField(max_length=16, choices=Actor.choices)
    actor = models.UUIDField(null=True, blank=True, db_index=True)
    organization = models.UUIDField(null=True, blank=True)
    interview = models.UUIDField(null=True, blank=True, db_index=True)
    details = models.JSONField(default=dict, help_text="Ids, hashes, counts and reasons; no content.")
    previous_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        verbose_name_plural = "audit entries"
        indexes = (models.Index(fields=("organization", "-number"), name="audit_newest_first"),)

    def __str__(self) -> str:
        return f"{self.number}: {self.get_action_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A line of a log is never deleted.")

    def computed_sha256(self) -> str:
        """The hash that the entry should have."""
        fields = [
            *(self.number, self.at.isoformat(), self.action, self.actor_kind),
            *(_text(self.actor), _text(self.organization), _text(self.interview)),
            *(self.details, self.previous_sha256),
        ]
        return hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class AuditHead(models.Model):
    """The end of the chain: one row, whose lock puts entries in order, and which tells whether the last are missing."""

    number = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default=FIRST_SHA256)

    def __str__(self) -> str:
        return f"{self.number} {self.sha256}"


def _text(value: uuid.UUID | None) -> str | None:
    return str(value) if value is not None else None
