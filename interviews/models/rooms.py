"""Live rooms, with invitations, and the recording while it arrives."""

from datetime import datetime
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from interviews.models.interviews import Interview, Question
from interviews.models.people import Identified, User
from interviews.querysets import InterviewPartQuerySet, RoomPartQuerySet


class Room(Identified):
    """An interview that is held in the browser.

    ::

        waiting --room_open--> live --room_end--> ended --room_store--> stored
           |                                      ^ | |
           +---------------room_end---------------+ | +--> unrecorded  (nobody agreed to, or sent, a recording; a
                                                  | |                   stored one was withdrawn and erased)
                                                  | v
                                       (retry)    failed  (the parts that arrived stay on the disk)

    Every arrow is one conditional UPDATE on ``status``. ``room_end`` is called by the host, or by the sweep once
    nobody has been in the room for a quarter of an hour. Nothing leads out of :attr:`CLOSED` by itself; the host may
    try again to store a recording that failed.

    The room's clock counts the seconds since ``recording_started_at`` (None before); it is the clock of the stored
    recording too.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        LIVE = "live", "Live"
        ENDED = "ended", "Ended"
        STORED = "stored", "Stored"
        UNRECORDED = "unrecorded", "Not recorded"
        FAILED = "failed", "Not stored"

    RUNNING: ClassVar = frozenset({Status.WAITING, Status.LIVE})
    CLOSED: ClassVar = frozenset({Status.STORED, Status.UNRECORDED, Status.FAILED})

    interview = models.OneToOneField(Interview, on_delete=models.CASCADE, related_name="room")
    host = models.ForeignKey(User, on_delete=models.PROTECT, related_name="rooms")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.WAITING)
    blind = models.BooleanField(default=False, help_text="The host sees no live readings; they are made all the same.")
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When the host let the candidate in.")
    recording_started_at = models.DateTimeField(
        null=True, blank=True, help_text="Second 0 of the recording, on the server's clock."
    )
    recording_stopped_at = models.DateTimeField(
        null=True, blank=True, help_text="When the candidate had it stop and what was recorded until then be kept."
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True, help_text="Who or what ended it, as a sentence.")
    candidate_seen_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of life.")
    host_seen_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of life.")
    store_attempts = models.PositiveSmallIntegerField(default=0, help_text="Attempts that an internal error ended.")
    failure_reason = models.TextField(
        blank=True, help_text="Why nothing, or not everything, could be stored: sentences for the recruiter."
    )

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("status", "created_at"), name="room_status_created"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "live", "ended", "stored", "unrecorded", "failed"]),
                name="room_status_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"room of {self.interview} ({self.status})"

    @property
    def is_running(self) -> bool:
        return self.status in self.RUNNING

    @property
    def folder(self) -> Path:
        """Where everything of this room lies until its recording is stored: parts, journal of readings."""
        return Path(settings.MEDIA_ROOT) / "live" / str(self.pk)

    @property
    def journal(self) -> Path:
        """The journal of the live readings."""
        return self.folder / "readings.jsonl"

    @property
    def held_journals(self) -> list[Path]:
        """Journals of readings that the candidate took back while a hold keeps them."""
        return sorted(self.folder.glob("withdrawn-*.jsonl"))

    @property
    def keeps_held(self) -> bool:
        """Whether a hold keeps anything that the candidate took back."""
        return self.takes.exclude(held_at=None).exclude(chunks=None).exists() or bool(self.held_journals)

    def clock_s(self, moment: datetime) -> float | None:
        """Seconds of the room's clock at ``moment``; None before the recording started, never negative."""
        if self.recording_started_at is None:
            return None
        return max(0.0, (moment - self.recording_started_at).total_seconds())


class Invitation(Identified):
    """A link for one candidate into one room. The token itself is mailed and shown once; only its hash is kept.

    It opens the room in one browser, which presses the button on the link's page first and is known by a key in its
    session. A browser that comes later *asks*: the host lets it in, in place of the first, or does not.
    """

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="invitations")
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    first_used_at = models.DateTimeField(null=True, blank=True)
    browser_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the key of the browser that is let in.")
    asking_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the key of another one that asks.")
    asking_browser = models.CharField(max_length=100, blank=True, help_text="Such as “Firefox on Linux”.")
    asking_at = models.DateTimeField(null=True, blank=True)

    objects = RoomPartQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("room",), condition=Q(revoked_at__isnull=True), name="one_invitation_per_room"
            ),
        )

    def __str__(self) -> str:
        return f"invitation to {self.room_id} until {self.expires_at:%Y-%m-%d %H:%M}"

    @property
    def stands(self) -> bool:
        """Whether it opens the room. Once the interview runs, an invitation that was used does not expire under it."""
        if self.revoked_at is not None:
            return False
        in_time = timezone.now() < self.expires_at
        return in_time or (self.first_used_at is not None and self.room.status != Room.Status.WAITING)


class PreparedQuestion(Identified):
    """A question that the host wants to ask; ``asked`` is its mark once it was."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="prepared_questions")
    position = models.PositiveSmallIntegerField(help_text="Place in the list, from 0.")
    text = models.CharField(max_length=500)
    asked = models.OneToOneField(Question, on_delete=models.SET_NULL, related_name="prepared", null=True, blank=True)

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.text


class GazeCalibration(Identified):
    """The gaze calibration of this candidate and screen, fitted to the nine dots."""

    room = models.OneToOneField(Room, on_delete=models.CASCADE, related_name="gaze_calibration")
    parameters = models.JSONField(help_text="See ml.eye_gaze.calibration.")
    error_degrees = models.FloatField(help_text="Mean angle between the dots and where the gaze was read.")
    points = models.PositiveSmallIntegerField(help_text="Dots that were looked at.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RoomPartQuerySet.as_manager()

    def __str__(self) -> str:
        return f"about {self.error_degrees:.0f} degrees"


class Take(Identified):
    """One uninterrupted stretch of the browser's recorder: a reload, or another tab, begins the next one."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="takes")
    number = models.PositiveSmallIntegerField(help_text="From 1.")
    mime_type = models.CharField(max_length=100, help_text="What the browser calls its format.")
    started_ms = models.BigIntegerField(help_text="When the recorder started, on the candidate's clock (epoch).")
    offset_s = models.FloatField(help_text="Second of the room's clock at which it begins.")
    created_at = models.DateTimeField(auto_now_add=True)
    expected_chunks = models.PositiveIntegerField(null=True, blank=True, help_text="Known once it is finished.")
    finished_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(
        null=True, blank=True, help_text="When the candidate took it back while a hold keeps it: part of no recording."
    )

    objects = RoomPartQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("room", "number"), name="take_number_is_unique"),
            models.UniqueConstraint(fields=("room", "started_ms"), name="take_begins_once"),
        )

    def __str__(self) -> str:
        return f"take {self.number} from {self.offset_s:.1f} s"


class Chunk(Identified):
    """A piece of a take that has arrived whole; its bytes are in ``path``."""

    take = models.ForeignKey(Take, on_delete=models.CASCADE, related_name="chunks")
    sequence = models.PositiveIntegerField(help_text="From 0, without gaps.")
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("take", "sequence")
        constraints = (models.UniqueConstraint(fields=("take", "sequence"), name="chunk_arrives_once"),)

    def __str__(self) -> str:
        return f"chunk {self.sequence} of {self.take_id}"

    @property
    def path(self) -> Path:
        return self.take.room.folder / f"{self.take.number}-{self.sequence}.part"
