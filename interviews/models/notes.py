"""What recruiters and reviewers write about an interview, in the live room and on the report."""

from django.db import models
from django.db.models import F, Q

from interviews.models.interviews import Interview
from interviews.models.people import Identified, User
from interviews.querysets import InterviewPartQuerySet, NotePartQuerySet


class Note(Identified):
    """A note at a second of the recording, on a stretch of it, or on the whole; or a reply to one.

    The recording of a live room is on the room's clock, so that notes from there need no conversion.
    """

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notes")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, related_name="replies", null=True, blank=True)
    at_s = models.FloatField(null=True, blank=True, help_text="Empty for a note on the whole interview.")
    end_s = models.FloatField(null=True, blank=True, help_text="Empty for a note at one second.")
    text = models.TextField(max_length=2000)
    mentions = models.ManyToManyField(User, related_name="mentioned_in", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(end_s__isnull=True) | Q(end_s__gt=F("at_s"), at_s__isnull=False),
                name="note_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(at_s__isnull=True), name="reply_is_where_its_note_is"
            ),
        )

    def __str__(self) -> str:
        return self.text[:50]


class NoteRevision(Identified):
    """What a note was before it was edited."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="revisions")
    text = models.TextField(max_length=2000)
    at_s = models.FloatField(null=True, blank=True)
    end_s = models.FloatField(null=True, blank=True)
    replaced_at = models.DateTimeField(auto_now_add=True)

    objects = NotePartQuerySet.as_manager()

    class Meta:
        ordering = ("replaced_at",)

    def __str__(self) -> str:
        return self.text[:50]
