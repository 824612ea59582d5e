"""People, organizations, and what a recruiter brings: candidates, interviews, recordings, consents, questions."""

import uuid
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from interviews.managers import UserManager
from interviews.querysets import InterviewPartQuerySet, OrganizationQuerySet, ScopedQuerySet


class Identified(models.Model):
    """Every row's public id is a UUID: it says nothing about how many there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class User(Identified, AbstractBaseUser, PermissionsMixin):
    """A person who logs in. ``is_staff`` opens the Django admin: the administrator of the installation."""

    email = models.EmailField("e-mail address", unique=True, error_messages={"unique": "This address has an account."})
    full_name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True, help_text="Untick instead of deleting: the account cannot log in.")
    is_staff = models.BooleanField("may open the admin", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        ordering = ("full_name", "email")
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case"),)

    def __str__(self) -> str:
        return self.full_name or self.email

    def clean(self) -> None:
        self.email = User.objects.normalize_email(self.email)

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0] or self.email

    @property
    def initials(self) -> str:
        """At most two capital letters, for the account menu."""
        words = self.full_name.split() or [self.email]
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


class Organization(Identified):
    name = models.CharField(max_length=150, unique=True)
    slug = models.SlugField(max_length=150, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(User, through="Membership", related_name="organizations")

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(Identified):
    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", "Administrator"
        RECRUITER = "recruiter", "Recruiter"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.RECRUITER)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.UniqueConstraint(fields=("user", "organization"), name="membership_one_per_user_and_organization"),
        )

    def __str__(self) -> str:
        return f"{self.user} in {self.organization} ({self.get_role_display()})"


class Position(Identified):
    """What a candidate is interviewed for: plain words that recruiters enter, one row per title."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="positions")
    title = models.CharField(max_length=150)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("title",)
        constraints = (
            models.UniqueConstraint("organization", Lower("title"), name="position_title_unique_in_organization"),
        )

    def __str__(self) -> str:
        return self.title


class Candidate(Identified):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="candidates")
    name = models.CharField(max_length=150)
    email = models.EmailField("e-mail address")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("organization", "email", "name"), name="candidate_unique_in_organization"),
        )

    def __str__(self) -> str:
        return self.name


class Interview(Identified):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="interviews")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="interviews")
    position = models.ForeignKey(Position, on_delete=models.SET_NULL, related_name="interviews", null=True, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="interviews")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("organization", "-created_at"), name="interview_newest_first"),)

    def __str__(self) -> str:
        return f"{self.candidate} - {self.position}" if self.position else str(self.candidate)


class Upload(Identified):
    """A file on its way in. Its bytes grow in ``path`` until ``interview_create`` turns them into a recording."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="uploads")
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
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recordings")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.original_name


class Consent(Identified):
    """Who confirmed, and when, that the candidate was informed and agreed to this recording being analysed."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="consents")
    recording = models.OneToOneField(Recording, on_delete=models.CASCADE, related_name="consent")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents")
    confirmed_at = models.DateTimeField(auto_now_add=True)
    statement = models.TextField(help_text="The words that were confirmed.")

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("-confirmed_at",)

    def __str__(self) -> str:
        return f"confirmed by {self.confirmed_by}"


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
