"""The candidate's connection: feeds the analysis, and sends the recruiters the candidate's state."""

import time
from typing import Final

from analysis.live import messages, parts, protocol, wire
from analysis.live.engine.candidate_analysis import CandidateAnalysis
from analysis.live.messages import FROM_CANDIDATE, Message
from analysis.live.protocol import AUDIO, FRAME
from analysis.live.room import access
from analysis.live.room.access import Entry
from analysis.live.room.groups import recruiters_group
from analysis.live.room.limits import RateLimit
from analysis.live.room.member import Event, RoomMember
from analysis.live.room.presence import CANDIDATE, Member
from interviews.room_pictures import picture_forget, picture_keep

FRAMES_PER_S, FRAMES_AT_ONCE = 2 * protocol.MAX_FPS, 4 * protocol.MAX_FPS
CHUNKS_PER_S, CHUNKS_AT_ONCE = 15, 150
"""Burst of sound chunks allowed: after a network stall they arrive all at once."""

PICTURE_EVERY_S: Final = 0.3
PICTURE_REQUEST_KEPT_S: Final = 12.0
"""A picture request ends when its recruiter has not renewed it for this long."""


class CandidateSocket(RoomMember):
    """``/ws/rooms/<room_id>/candidate/``."""

    direction_in = FROM_CANDIDATE
    enter = staticmethod(access.candidate_enter)

    async def on_joined(self) -> None:
        # Another tab of the candidate ends before this one begins.
        await self.send_to_room({"type": "candidate.arrived", "participant": self.participant})
        self._frames = RateLimit(per_s=FRAMES_PER_S, burst=FRAMES_AT_ONCE)
        self._chunks = RateLimit(per_s=CHUNKS_PER_S, burst=CHUNKS_AT_ONCE)
        self._sequences = {FRAME: -1, AUDIO: -1}
        self._media: parts.MediaState | None = None
        self._picture_requests: dict[str, float] = {}
        self._pictured_s = 0.0
        self._calibration = self.entry.calibration_state()
        self.analysis = CandidateAnalysis(
            self.entry.analysis_context(),
            self.clock,
            tell=self.tell,
            publish=self._publish,
            on_state=self._on_analysis_state,
        )
        view = parts.CandidateView(
            room=self.entry.room_state(),
            presence=self.presence.state(),
            analysis=self.analysis.state(),
            agreements=self.entry.agreements,
            calibration=self._calibration,
        )
        self.tell(messages.CandidateWelcome(**self.welcome_fields(), state=view))
        self.analysis.start()

    async def on_message(self, message: Message) -> None:
        if isinstance(message, messages.StageReached):
            self.analysis.move(message.stage)
            await self._update_recruiters()
        elif isinstance(message, messages.MediaChanged):
            self._media = message.media
            self.analysis.pause(message.media.analysis_paused)
            self._expire_picture_requests()
            await self._update_recruiters()
        elif isinstance(message, messages.Leave):
            await self.end(1000)
        else:
            await super().on_message(message)

    async def on_media(self, data: bytes) -> None:
        media = wire.media_unpack(data)
        limit = self._chunks if media.kind == AUDIO else self._frames
        if not limit.take():
            raise wire.BadMessage("Too many frames or chunks of sound.", protocol.TOO_FAST)
        if media.sequence <= self._sequences[media.kind]:
            raise wire.BadMessage("A sequence number does not rise.")
        self._sequences[media.kind] = media.sequence
        if media.kind == AUDIO:
            self.analysis.put_audio(media)
            return
        self._keep_picture(media)
        self.analysis.put_frame(media)

    async def on_refreshed(self, before: Entry) -> None:
        await super().on_refreshed(before)
        if self.entry.calibration_state() != self._calibration:
            self._calibration = self.entry.calibration_state()
            self.tell(messages.CalibrationChanged(self._calibration))
        self.analysis.refresh(self.entry.analysis_context())
        self._expire_picture_requests()
        await self._update_recruiters()

    async def on_tick(self, now_s: float) -> None:
        await super().on_tick(now_s)
        self._expire_picture_requests()

    async def on_arrived(self, member: Member) -> None:
        if member.role != CANDIDATE:
            for topic, message in self._recruiter_messages():
                await self.send_to(member.channel, _recruiter_event(topic, message))

    async def on_left(self, participant: str) -> None:
        self._picture_requests.pop(participant, None)
        self._expire_picture_requests()

    async def on_closed(self) -> None:
        picture_forget(self.room_id)
        await self.analysis.close()
        await super().on_closed()

    async def candidate_arrived(self, event: Event) -> None:
        """Another tab has connected, or the same one after a reload: the newest counts."""
        if event["participant"] != self.participant:
            self.tell(messages.TakenOver(protocol.CLOSE_CODES[protocol.TAKEN_OVER].sentence))
            await self.end(protocol.TAKEN_OVER)

    async def candidate_picture_request(self, event: Event) -> None:
        """A recruiter makes, renews or ends a picture request."""
        if event["wanted"]:
            self._picture_requests[event["participant"]] = time.monotonic()
        else:
            self._picture_requests.pop(event["participant"], None)
        self._expire_picture_requests()

    def _expire_picture_requests(self) -> None:
        now_s = time.monotonic()
        self._picture_requests = {
            participant: at_s
            for participant, at_s in self._picture_requests.items()
            if now_s - at_s < PICTURE_REQUEST_KEPT_S
        }
        if not self._may_picture:
            picture_forget(self.room_id)
        self.analysis.want_picture(bool(self._picture_requests) and self._may_picture)

    @property
    def _may_picture(self) -> bool:
        """Whether pictures may be shown: their words stand beside the box for the recording. A pause ends it too."""
        is_paused = self._media is not None and self._media.analysis_paused
        return self.entry.agreements.recording is True and not is_paused

    def _keep_picture(self, frame: wire.Media) -> None:
        # Only in the call: the pages of device check and waiting state that nobody else sees the picture.
        if not self._picture_requests or not self._may_picture or not self.analysis.in_call:
            return
        now_s = time.monotonic()
        if now_s - self._pictured_s >= PICTURE_EVERY_S and frame.payload.startswith(b"\xff\xd8"):
            self._pictured_s = now_s
            picture_keep(self.room_id, frame.payload)

    def _on_analysis_state(self) -> None:
        self.tell(messages.AnalysisChanged(self.analysis.state()))
        self.spawn(self._update_recruiters())

    async def _publish(self, topic: str, message: Message) -> None:
        await self.channel_layer.group_send(recruiters_group(self.room_id), _recruiter_event(topic, message))

    async def _update_recruiters(self) -> None:
        for topic, message in self._recruiter_messages():
            await self._publish(topic, message)

    def _recruiter_messages(self) -> list[tuple[str, Message]]:
        """The candidate's state that is not in the database, by topic."""
        candidate = parts.CandidateState(self.entry.agreements, self._calibration, self._media, self.analysis.stage)
        found: list[tuple[str, Message]] = [
            ("candidate", messages.CandidateChanged(candidate)),
            ("analysis", messages.AnalysisChanged(self.analysis.state())),
        ]
        if self.analysis.summary is not None:
            found.append(("metrics", messages.SummaryChanged(self.analysis.summary)))
        return found


def _recruiter_event(topic: str, message: Message) -> Event:
    return {"type": "recruiter.text", "topic": topic, "text": wire.text_pack(message)}
