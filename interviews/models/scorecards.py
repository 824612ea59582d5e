"""Scorecards: an organization's own criteria, what each person rated, and what somebody decided.

Ratings and decisions are people's. They are stored apart from readings, and never added up to one number.
"""

from typing import Final

from django.db import models
from django.db.models import Q

from interviews.models.interviews import Interview, Question
from interviews.models.people import Identified, Organization, User
from interviews.querysets import InterviewPartQuerySet, ScopedQuerySet, ScorecardPartQuerySet

SCALE: Final = (1, 2, 3, 4, 5)


class Criterion(Identified):
    """One thing that an organization rates from 1 to 5. The anchors say in words what 1, 3 and 5 are."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="criteria")
    name = models.CharField(max_length=100)
    anchor_low = models.CharField("what 1 is", max_length=300)
    anchor_middle = models.CharField("what 3 is", max_length=300)
    anchor_high = models.CharField("what 5 is", max_length=300)
    per_question = models.BooleanField("rated for each question", default=False)
    place = models.PositiveSmallIntegerField(default=0, help_text="Place in the list.")
    retired_at = models.DateTimeField(null=True, blank=True, help_text="New scorecards do not have it any more.")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("place", "name")
        verbose_name_plural = "criteria"
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "name"), condition=Q(retired_at=None), name="criterion_name_in_use_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Scorecard(Identified):
    """One person's ratings of one interview: a draft until it is submitted, and not changed afterwards.

    ``waived``: the person said that they read the report without rating the interview.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        WAIVED = "waived", "Reads without rating"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="scorecards")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="scorecards")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.DRAFT)
    comment = models.TextField(max_length=4000, blank=True)
    saved_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("submitted_at", "id")
        constraints = (models.UniqueConstraint(fields=("interview", "reviewer"), name="one_scorecard_a_reviewer"),)

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.get_status_display()}"


class Score(Identified):
    """A rating of one criterion, for a question or overall."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.RESTRICT, related_name="scores")
    question = models.ForeignKey(Question, on_delete=models.RESTRICT, related_name="scores", null=True, blank=True)
    value = models.PositiveSmallIntegerField()

    objects = ScorecardPartQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("scorecard", "criterion", "question"), name="rated_once_a_question"),
            models.UniqueConstraint(
                fields=("scorecard", "criterion"), condition=Q(question=None), name="rated_once_overall"
            ),
            models.CheckConstraint(condition=Q(value__in=SCALE), name="score_is_on_the_scale"),
        )

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"


class Decision(Identified):
    """What somebody decided about the candidate, and why. The latest counts; the earlier ones stay."""

    class Outcome(models.TextChoices):
        ADVANCE = "advance", "Goes on to the next step"
        HOLD = "hold", "Decided later"
        DECLINE = "decline", "Does not go on"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="decisions")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    reason = models.TextField(max_length=4000)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField(auto_now_add=True)

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("-decided_at",)

    def __str__(self) -> str:
        return self.get_outcome_display()
