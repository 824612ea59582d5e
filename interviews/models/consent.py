"""What candidates agreed to: events that are added and never changed."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from interviews.models.interviews import Interview
from interviews.models.people import Identified, User
from interviews.querysets import ConsentEventQuerySet, InterviewPartQuerySet


class ConsentEvent(models.Model):
    """One answer about one purpose: who gave it, when, how, and in which words. The latest of a purpose stands.

    ``recorded_by`` is the recruiter who wrote down what the candidate had said; empty when the candidate answered in
    person. Rows are deleted with their interview alone.
    """

    class Purpose(models.TextChoices):
        """What is agreed to. A transcript and the analyses need the recording; none needs another one."""

        RECORDING = "recording", "Recording"
        FACE = "face", "Analysis of the face"
        EYES = "eyes", "Analysis of the eyes and the gaze"
        VOICE = "voice", "Analysis of the voice"
        TRANSCRIPT = "transcript", "Transcript"
        SHARING = "sharing", "Showing it to people outside the organization"
        TRAINING = "training", "Corrected labels as training data"

    class How(models.TextChoices):
        ROOM = "room", "On the page of the live interview"
        OWN_PAGE = "own_page", "On the candidate's own page"
        RECORDED = "recorded", "Written down by a recruiter"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="consent_events")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    given = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    how = models.CharField(max_length=16, choices=How.choices)
    recorded_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="consent_events",
        null=True,
        blank=True,
        help_text="Empty when the candidate answered in person.",
    )
    statement = models.TextField(help_text="The words that were shown.")
    version = models.CharField(max_length=16, help_text="Of the words.")
    language = models.CharField(max_length=16, default="en", help_text="Of the words, as in BCP 47.")
    notice = models.PositiveIntegerField(default=0, help_text="Number of the notice beside them; 0: the defaults.")

    objects = ConsentEventQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("interview", "purpose"), name="consent_of_interview"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(how="recorded", recorded_by__isnull=False)
                | (~Q(how="recorded") & Q(recorded_by__isnull=True)),
                name="consent_comes_from_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {'agreed' if self.given else 'not agreed'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("An answer about consent is never deleted; the next one stands.")


class ConsentEvidence(Identified):
    """What shows that a candidate agreed to a recording that was uploaded: words, a file, or both."""

    class Basis(models.TextChoices):
        SIGNED = "signed", "A form that the candidate signed"
        MESSAGE = "message", "A message from the candidate"
        SPOKEN = "spoken", "The candidate says so on the recording"
        OTHER = "other", "Something else"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="consent_evidence")
    basis = models.CharField(max_length=16, choices=Basis.choices)
    words = models.TextField(blank=True, help_text="What was said or written, when, and where it is.")
    file = models.FileField(upload_to="evidence/", max_length=255, blank=True)
    original_name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the file.")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consent_evidence")
    at = models.DateTimeField(auto_now_add=True)

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("at",)
        constraints = (models.CheckConstraint(condition=~Q(words="") | ~Q(file=""), name="evidence_is_something"),)

    def __str__(self) -> str:
        return self.get_basis_display()
