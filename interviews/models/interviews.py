"""Interviews and their parts: uploads, recordings, question marks."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone

from interviews.models.people import Candidate, Identified, Organization, Position, User
from interviews.policy.keys import Jurisdiction, Purpose
from interviews.querysets import InterviewPartQuerySet, InterviewQuerySet, ScopedQuerySet


class Interview(Identified):
    class SpokenLanguage(models.TextChoices):
        """What is spoken in it, as a person said. A transcript can be made of English only."""

        UNKNOWN = "unknown", "Not known"
        ENGLISH = "english", "English"
        OTHER = "other", "Another language"

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="interviews")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="interviews")
    position = models.ForeignKey(Position, on_delete=models.SET_NULL, related_name="interviews", null=True, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="interviews")
    spoken_language = models.CharField(max_length=16, choices=SpokenLanguage.choices, default=SpokenLanguage.UNKNOWN)
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.UNKNOWN)
    candidate_jurisdiction = models.CharField(
        max_length=20, choices=Jurisdiction.choices, default=Jurisdiction.UNKNOWN, help_text="Where the candidate is."
    )
    kept_from = models.DateTimeField(
        default=timezone.now,
        null=True,
        blank=True,
        help_text="When its time to be kept begins. Empty: it is older than retention, and an administrator decides.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InterviewQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("organization", "-created_at"), name="interview_newest_first"),)

    def __str__(self) -> str:
        return f"{self.candidate} - {self.position}" if self.position else str(self.candidate)


class Assignment(Identified):
    """An interview that somebody was given to see, who would not see or change it by their role alone."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments_made")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("created_at",)
        constraints = (models.UniqueConstraint(fields=("interview", "user"), name="assigned_once"),)

    def __str__(self) -> str:
        return f"{self.user} may see {self.interview}"


class Upload(Identified):
    """A file that is being uploaded to ``path``.

    ``interview_create`` makes a recording of it. A model file belongs to no organization and is taken by its import.
    """

    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="uploads",
        help_text="Empty: the installation's own.",
    )
    created_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="uploads")
    file_name = models.CharField(max_length=255, help_text="What the browser called it; never a name on our disk.")
    size_bytes = models.PositiveBigIntegerField()
    received_bytes = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.received_bytes} of {self.size_bytes} bytes"

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "uploads" / f"{self.id}.part"

    @property
    def is_complete(self) -> bool:
        return self.received_bytes == self.size_bytes


class Recording(Identified):
    """A stored recording and what the probe found in it. ``file`` has a name of ours, never the client's."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="recordings")
    file = models.FileField(upload_to="recordings/", max_length=255)
    original_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    size_bytes = models.PositiveBigIntegerField()
    container = models.CharField(max_length=50)
    duration_s = models.FloatField()
    fps = models.FloatField(help_text="Average frames per second of presentation time.")
    width = models.PositiveIntegerField(help_text="Pixels as displayed, rotation applied.")
    height = models.PositiveIntegerField()
    has_audio = models.BooleanField()
    browser_obstacle = models.CharField(
        max_length=200, blank=True, help_text="Why browsers do not play the file: one sentence; empty if they do."
    )
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recordings")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.original_name

    @property
    def has_picture(self) -> bool:
        """Whether there are pictures: not where a live interview had no camera. The size is 0 then."""
        return self.width > 0


class Question(Identified):
    """The second of the recording at which the interviewer asked something."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="questions")
    at_s = models.FloatField()
    text = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="questions")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("at_s", "created_at")
        constraints = (
            models.CheckConstraint(condition=models.Q(at_s__gte=0), name="question_not_before_the_recording"),
        )

    def __str__(self) -> str:
        return self.text or f"question at {self.at_s:.1f} s"
