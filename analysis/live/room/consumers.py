"""The two sockets of a live room. What they say is in :mod:`analysis.live.protocol`."""

import time
from typing import Any, Final

from django.core.cache import cache

from analysis.live import protocol, wire
from analysis.live.engine.sessions import Session
from analysis.live.protocol import AUDIO, FROM_CANDIDATE, FROM_RECRUITER, TO_CANDIDATE, TO_RECRUITER
from analysis.live.room import access
from analysis.live.room.limits import RateLimit
from analysis.live.room.presence import CANDIDATE, HOST, Member
from analysis.live.room.sockets import Event, RoomSocket, recruiters_group
from interviews.room_channel import frame_key

FRAMES_PER_S, FRAMES_AT_ONCE = 2 * protocol.MAX_FPS, 4 * protocol.MAX_FPS
CHUNKS_PER_S, CHUNKS_AT_ONCE = 15, 150
"""After a stall of the network its sound arrives at once."""

PICTURE_EVERY_S: Final = 0.3
PICTURE_KEPT_S: Final = 5
WISH_RENEWED_S: Final = 5.0
WISH_KEPT_S: Final = 12.0

Media = dict[str, bool]


class CandidateSocket(RoomSocket):
    """The candidate's connection: feeds the analysis, and tells the recruiters how the candidate is."""

    direction_in, direction_out = FROM_CANDIDATE, TO_CANDIDATE
    enter = staticmethod(access.candidate_enter)

    async def welcome(self, message: Event) -> None:
        # Whoever was here in another tab leaves before this one is heard.
        await self.send_to_room({"type": "candidate.arrived", "participant": self.participant})
        self._frames = RateLimit(per_s=FRAMES_PER_S, burst=FRAMES_AT_ONCE)
        self._chunks = RateLimit(per_s=CHUNKS_PER_S, burst=CHUNKS_AT_ONCE)
        self._sequences = {protocol.FRAME: -1, AUDIO: -1}
        self._media: Media | None = None
        self._wishes: dict[str, float] = {}
        self._pictured_s = 0.0
        self._calibrated = self.entry.calibrated()
        self.session = Session(
            self.entry, self.clock, tell=self.outbox.put, publish=self._publish, on_state=self._on_state
        )
        state = {
            "room": self.entry.room(),
            "presence": self.roster.presence(),
            "analysis": self.session.state(),
            "agreements": self.entry.agreements,
            "calibration": self._calibrated,
        }
        self.tell("welcome", **self.welcome_fields(), state=state)
        self.session.start()

    async def received(self, message: Event) -> None:
        if message["type"] == "stage":
            self.session.move(message["stage"])
            await self._tell_recruiters()
        elif message["type"] == "media":
            self._media = message["media"]
            self.session.pause(message["media"]["analysis_paused"])
            await self._tell_recruiters()
        elif message["type"] == "leave":
            await self.end(1000)

    async def received_media(self, data: bytes) -> None:
        media = wire.media_unpack(data)
        limit = self._chunks if media.kind == AUDIO else self._frames
        if not limit.take():
            raise wire.BadMessage("Too many frames or chunks of sound.", protocol.TOO_FAST)
        if media.sequence <= self._sequences[media.kind]:
            raise wire.BadMessage("A sequence number does not rise.")
        self._sequences[media.kind] = media.sequence
        if media.kind == AUDIO:
            self.session.put_audio(media)
            return
        await self._keep_picture(media)
        self.session.put_frame(media)

    async def refreshed(self) -> None:
        if self.entry.calibrated() != self._calibrated:
            self._calibrated = self.entry.calibrated()
            self.tell("calibration", calibration=self._calibrated)
        self.session.refresh(self.entry)
        await self._tell_recruiters()

    async def looked(self) -> None:
        self._renew_picture()

    async def arrived(self, member: Member) -> None:
        if member.role != CANDIDATE:
            for slot, text in self._to_newcomers():
                await self.send_to(member.channel, {"type": "recruiter.text", "slot": slot, "text": text})

    async def left(self, participant: str) -> None:
        self._wishes.pop(participant, None)
        self._renew_picture()

    async def gone(self) -> None:
        await self.session.close()

    async def candidate_arrived(self, event: Event) -> None:
        """Another tab, or the same after a reload: the newest one counts."""
        if event["participant"] != self.participant:
            self.tell("taken_over", sentence=protocol.CLOSE_CODES[protocol.TAKEN_OVER]["sentence"])
            await self.end(protocol.TAKEN_OVER)

    async def candidate_pictured(self, event: Event) -> None:
        """A recruiter wants to see the frames, or does no longer."""
        if event["wanted"]:
            self._wishes[event["participant"]] = time.monotonic()
        else:
            self._wishes.pop(event["participant"], None)
        self._renew_picture()

    def _renew_picture(self) -> None:
        now_s = time.monotonic()
        self._wishes = {who: at_s for who, at_s in self._wishes.items() if now_s - at_s < WISH_KEPT_S}
        self.session.want_picture(bool(self._wishes))

    async def _keep_picture(self, frame: wire.Media) -> None:
        # Only in the call: during device check and waiting the candidate was told that nobody else sees the picture.
        if not self._wishes or not self.session.in_call:
            return
        now_s = time.monotonic()
        if now_s - self._pictured_s >= PICTURE_EVERY_S and frame.payload.startswith(b"\xff\xd8"):
            self._pictured_s = now_s
            await cache.aset(frame_key(self.room_id), frame.payload, PICTURE_KEPT_S)

    async def _publish(self, slot: str, text: str) -> None:
        event = {"type": "recruiter.text", "slot": slot, "text": text}
        await self.channel_layer.group_send(recruiters_group(self.room_id), event)

    def _on_state(self) -> None:
        self.tell("analysis", analysis=self.session.state())
        self.spawn(self._tell_recruiters())

    async def _tell_recruiters(self) -> None:
        for slot, text in self._to_newcomers():
            await self._publish(slot, text)

    def _to_newcomers(self) -> list[tuple[str, str]]:
        """What recruiters cannot read from the rows."""
        candidate = {
            "agreements": self.entry.agreements,
            "calibration": self._calibrated,
            "media": self._media,
            "stage": self.session.stage,
        }
        texts = [
            ("candidate", wire.text_pack("candidate", candidate=candidate)),
            ("analysis", wire.text_pack("analysis", analysis=self.session.state())),
        ]
        if self.session.metrics is not None:
            texts.append(("metrics", wire.text_pack("metrics", metrics=self.session.metrics)))
        return texts


class RecruiterSocket(RoomSocket):
    """The connection of the host or of an observer."""

    direction_in, direction_out = FROM_RECRUITER, TO_RECRUITER
    enter = staticmethod(access.recruiter_enter)

    async def welcome(self, message: Event) -> None:
        self._wants_picture = False
        self._wished_s = 0.0
        state: dict[str, Any] = {
            "room": self.entry.room(),
            "presence": self.roster.presence(),
            "candidate": {
                "agreements": self.entry.agreements,
                "calibration": self.entry.calibrated(),
                "media": None,
                "stage": None,
            },
        }
        self.tell("welcome", **self.welcome_fields(), role=self.entry.role, state=state)

    def groups_of_room(self) -> list[str]:
        return [*super().groups_of_room(), recruiters_group(self.room_id)]

    async def received(self, message: Event) -> None:
        self._wants_picture = message["wanted"]
        await self._wish()

    async def looked(self) -> None:
        if self._wants_picture and time.monotonic() - self._wished_s > WISH_RENEWED_S:
            await self._wish()

    async def room_changed(self, event: Event) -> None:
        if event["what"] in ("questions", "prepared_questions", "notes"):
            self.tell("changed", what=event["what"])
        await super().room_changed(event)

    async def recruiter_text(self, event: Event) -> None:
        """From the candidate's connection; in blind mode the host sees no readings."""
        is_result = event["slot"] in ("frame", "speech", "metrics")
        if not (is_result and self.entry.blind and self.entry.role == HOST):
            self.outbox.put(event["text"], slot=event["slot"])

    async def candidate_arrived(self, event: Event) -> None:
        """Not for us; presence says it."""

    async def candidate_pictured(self, event: Event) -> None:
        """Not for us."""

    async def _wish(self) -> None:
        self._wished_s = time.monotonic()
        event = {"type": "candidate.pictured", "participant": self.participant, "wanted": self._wants_picture}
        await self.send_to_room(event)
