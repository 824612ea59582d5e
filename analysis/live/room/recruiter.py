"""The connection of the host or of an observer."""

import time
from typing import Final, cast

from analysis.live import messages, parts
from analysis.live.messages import FROM_RECRUITER, Message
from analysis.live.parts import ChangedRows, Role
from analysis.live.room import access
from analysis.live.room.groups import recruiters_group
from analysis.live.room.member import Event, RoomMember
from analysis.live.room.presence import HOST

PICTURE_REQUEST_RENEWED_S: Final = 5.0
RESULTS: Final = ("frame", "speech", "metrics")
"""Topics that a host in blind mode does not get."""
CHANGED_ROWS: Final[tuple[ChangedRows, ...]] = ("questions", "prepared_questions", "notes", "invitation")


class RecruiterSocket(RoomMember):
    """``/ws/rooms/<room_id>/recruiter/``."""

    direction_in = FROM_RECRUITER
    enter = staticmethod(access.recruiter_enter)

    async def on_joined(self) -> None:
        self._wants_picture = False
        self._requested_s = 0.0
        view = parts.RecruiterView(
            room=self.entry.room_state(),
            presence=self.presence.state(),
            candidate=parts.CandidateState(
                self.entry.agreements, self.entry.calibration_state(), media=None, stage=None
            ),
        )
        role = cast(Role, self.entry.role)
        self.tell(messages.RecruiterWelcome(**self.welcome_fields(), role=role, state=view))

    def groups_of_room(self) -> list[str]:
        return [*super().groups_of_room(), recruiters_group(self.room_id)]

    async def on_message(self, message: Message) -> None:
        if isinstance(message, messages.PictureRequest):
            self._wants_picture = message.wanted
            await self._request_picture()
        else:
            await super().on_message(message)

    async def on_tick(self, now_s: float) -> None:
        await super().on_tick(now_s)
        if self._wants_picture and now_s - self._requested_s > PICTURE_REQUEST_RENEWED_S:
            await self._request_picture()

    async def room_changed(self, event: Event) -> None:
        if event["what"] in CHANGED_ROWS:
            self.tell(messages.RowsChanged(event["what"]))
        if event["what"] == "candidate_removed":
            self.tell(messages.CandidateRemoved())
        await super().room_changed(event)

    async def recruiter_text(self, event: Event) -> None:
        """A message from the candidate's connection; in blind mode the host gets no results."""
        if not (event["topic"] in RESULTS and self.entry.blind and self.entry.role == HOST):
            self.send_queue.put(event["text"], topic=event["topic"])

    async def candidate_arrived(self, event: Event) -> None:
        """For the candidate's other connections."""

    async def candidate_picture_request(self, event: Event) -> None:
        """For the candidate's connection."""

    async def _request_picture(self) -> None:
        self._requested_s = time.monotonic()
        await self.send_to_room(
            {
                "type": "candidate.picture_request",
                "participant": self.participant,
                "wanted": self._wants_picture,
            }
        )
