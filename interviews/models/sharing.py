"""Links by which somebody without an account sees chosen parts of one report."""

from django.db import models
from django.utils import timezone

from interviews.models.interviews import Interview
from interviews.models.people import Identified, User
from interviews.querysets import InterviewPartQuerySet


class ShareLink(Identified):
    """A link to one interview's shared page. The token is shown once; only its hash is kept."""

    class Part(models.TextChoices):
        RECORDING = "recording", "Recording"
        READINGS = "readings", "Charts and numbers"
        TRANSCRIPT = "transcript", "Transcript"
        NOTES = "notes", "Notes"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="share_links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    parts = models.JSONField(help_text="Keys of what is shown.")
    note = models.CharField("for whom", max_length=200, blank=True)
    password = models.CharField(max_length=128, blank=True, help_text="Its hash; empty: none is asked for.")
    expires_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="share_links")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When it was last opened.")

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"link for {self.note}" if self.note else "link"

    @property
    def stands(self) -> bool:
        return self.revoked_at is None and timezone.now() < self.expires_at

    @property
    def part_names(self) -> list[str]:
        return [part.label for part in self.Part if part.value in self.parts]
