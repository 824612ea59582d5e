"""The candidate's own page: links to it, and what the candidate asks for there."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from interviews.models.interviews import Interview
from interviews.models.people import Identified, Organization, User
from interviews.querysets import InterviewPartQuerySet, ScopedQuerySet


class OwnPageLink(Identified):
    """A link to the candidate's own page of one interview. The token is mailed; only its hash is kept.

    An invitation to a live room is such a link too, and needs no row of this kind.
    """

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="own_page_links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="own_page_links")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"own page of {self.interview_id}"


class CandidateRequest(Identified):
    """A copy or an erasure that a candidate asked for, until when it is due, and when it was done.

    It outlives the interview, has nothing personal in it, and is what the privacy officer lists.
    """

    class Kind(models.TextChoices):
        COPY = "copy", "A copy"
        ERASURE = "erasure", "Erasure"

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="candidate_requests")
    interview = models.ForeignKey(
        Interview, on_delete=models.SET_NULL, related_name="candidate_requests", null=True, blank=True
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    requested_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="When the candidate took it back.")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("-requested_at",)
        indexes = (models.Index(fields=("kind", "due_at"), name="request_due_first"),)
        constraints = (
            models.UniqueConstraint(
                fields=("interview",),
                condition=Q(kind="erasure", done_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_erasure_per_interview",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} asked for on {self.requested_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.withdrawn_at is None

    @property
    def days_left(self) -> int:
        """Whole days until it is due, rounded up; 0 once it is."""
        return max(0, -((timezone.now() - self.due_at) // timedelta(days=1)))


class CandidateComment(Identified):
    """What a candidate says about their report. It stands beside the report for everybody who sees it."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="candidate_comments")
    text = models.TextField(max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("created_at",)

    def __str__(self) -> str:
        return self.text[:50]
