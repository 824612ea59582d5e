"""People: users, their organizations, the positions they fill and the candidates they talk to."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models.functions import Concat, Lower

from interviews.managers import UserManager
from interviews.policy.keys import Jurisdiction, Purpose
from interviews.querysets import OrganizationQuerySet, ScopedQuerySet


class Identified(models.Model):
    """Base of rows whose public id is a UUID, which does not tell how many there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class User(Identified, AbstractBaseUser, PermissionsMixin):
    """A person who logs in. ``is_staff`` opens the Django admin: the administrator of the installation."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "As the system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    email = models.EmailField("e-mail address", unique=True, error_messages={"unique": "This address has an account."})
    full_name = models.CharField(max_length=150)
    time_zone = models.CharField(max_length=50, blank=True, help_text="Empty: that of the installation.")
    theme = models.CharField(max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    is_active = models.BooleanField(default=True, help_text="Untick instead of deleting: the account cannot log in.")
    is_staff = models.BooleanField("may open the admin", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    joins = ""
    """Name of the organization for which the account is being made; no column. Passwords are not made of it."""

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
    recruiters_see_all = models.BooleanField(
        default=True, help_text="Otherwise recruiters see their own interviews and those assigned to them."
    )
    jurisdiction = models.CharField(
        max_length=20, choices=Jurisdiction.choices, default=Jurisdiction.UNKNOWN, help_text="Where it works."
    )
    usual_purpose = models.CharField(
        max_length=20, choices=Purpose.choices, default=Purpose.UNKNOWN, help_text="What a new interview is for."
    )
    usual_jurisdiction = models.CharField(
        max_length=20,
        choices=Jurisdiction.choices,
        default=Jurisdiction.UNKNOWN,
        help_text="Where the candidate of a new interview is.",
    )
    rate_first = models.BooleanField(
        default=False, help_text="Charts and numbers of a report are shown to who has rated the interview."
    )
    corrects_prior = models.BooleanField(
        "correct facial expressions for conversation",
        default=True,
        help_text="New analyses and live interviews take into account how often expressions occur in conversation, "
        "where most faces are neutral; the model cards have the figures with and without it.",
    )
    members = models.ManyToManyField(User, through="Membership", related_name="organizations")

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(Identified):
    class Role(models.TextChoices):
        """What one does in the organization; :mod:`interviews.querysets` has the interviews that each sees."""

        ADMINISTRATOR = "administrator", "Administrator"
        RECRUITER = "recruiter", "Recruiter"
        REVIEWER = "reviewer", "Reviewer"
        PRIVACY_OFFICER = "privacy_officer", "Privacy officer"
        AUDITOR = "auditor", "Auditor"

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
    searched = models.GeneratedField(
        # Databases write each name in small letters for every search otherwise, which is most of its time.
        expression=Lower(Concat("name", models.Value(" "), "email", output_field=models.CharField())),
        output_field=models.CharField(max_length=405),
        db_persist=True,
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("organization", "email", "name"), name="candidate_unique_in_organization"),
        )
        indexes = (models.Index("organization", Lower("name"), name="candidate_by_name"),)

    def __str__(self) -> str:
        return self.name
