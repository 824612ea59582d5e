"""The analysis of one candidate's connection: from the mailbox to a worker and back, at most one moment at a time.

Nothing here waits for a worker while the socket has something to say: the socket fills the mailbox, and one task per
connection empties it. When it falls behind, the newest frame is the one that is read.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from channels.db import database_sync_to_async
from django.db import DatabaseError

from analysis.live.clock import BrowserClock, now_ms
from analysis.live.engine import pipes
from analysis.live.engine.admission import admission_here
from analysis.live.engine.mailbox import Mailbox, Work
from analysis.live.engine.pool import Seat, WorkerLost, pool_here
from analysis.live.protocol import MAX_FPS, MIN_FPS, SHOWN_AGE_MS
from analysis.live.room.access import Entry
from analysis.live.wire import Media, text_pack
from analysis.services.live.models import live_models_choose

logger = logging.getLogger(__name__)

CALL: Final = "call"
CALIBRATION: Final = "calibration"
HINTS_FPS: Final = 4
REOPEN_S: Final = 1.0
LATE: Final = 10
"""So many readings in a row that were too old to be shown: the server is busy."""
SOUND_STEP_MS: Final = 250.0
"""Chunks are laid end to end until they disagree with the clock by so much."""

SENTENCES: Final = {
    "starting": "The analysis is starting.",
    "on": "The analysis is on.",
    "paused": "The candidate has paused the recording and the analysis.",
    "off": "Nothing is analysed: the candidate has not agreed to it.",
    "overloaded": "Analysis is paused because the server is busy; the recording continues.",
    "interrupted": "The analysis was interrupted and is starting again; the recording continues.",
}

ToCandidate = Callable[[str], None]
ToRecruiters = Callable[[str, str], Awaitable[None]]


class Session:
    """``tell`` sends a text to the candidate; ``publish(slot, text)`` one to the recruiters, where of each slot only
    the newest matters; ``on_state`` hears of every change of :meth:`state`."""

    def __init__(
        self,
        entry: Entry,
        clock: BrowserClock,
        *,
        tell: ToCandidate,
        publish: ToRecruiters,
        on_state: Callable[[], None],
    ) -> None:
        self.stage = "check"
        self.metrics: dict[str, Any] | None = None
        self._entry = entry
        self._clock = clock
        self._tell, self._publish, self._on_state = tell, publish, on_state
        self._mailbox = Mailbox()
        self._audio_heard_s = 0.0
        self._seat: Seat | None = None
        self._models: dict[str, str | None] | None = None
        self._paused = self._picture_wanted = self._lost = False
        self._admitted = False
        self._late = 0
        self._frame_at_ms = self._sound_end_ms = 0.0
        self._settings_sent: dict[str, Any] = {}
        self._last_state: dict[str, Any] = {}
        self._task: asyncio.Task[None] | None = None

    # --- What the connection tells -------------------------------------------------------------------------------

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())
        self._changed()

    async def close(self) -> None:
        """Give up the seat and the place; what was read is in the journal."""
        admission_here().leave(self)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._leave_seat()

    def refresh(self, entry: Entry) -> None:
        """The rows have changed: another status, agreement, calibration or question."""
        self._entry = entry
        self._changed()

    def move(self, stage: str) -> None:
        self.stage = stage
        self._changed()

    def pause(self, paused: bool) -> None:
        self._paused = paused
        self._changed()

    def want_picture(self, wanted: bool) -> None:
        self._picture_wanted = wanted
        self._changed()

    def put_frame(self, frame: Media) -> None:
        dropped = self._mailbox.put_frame(frame) if self._reads else frame
        if dropped is not None:
            self._acknowledge(dropped, analysed=False)

    def put_audio(self, chunk: Media) -> None:
        if self._reads and self.in_call:
            self._mailbox.put_audio(chunk)
        now_s = asyncio.get_running_loop().time()
        if now_s - self._audio_heard_s >= 1:
            self._audio_heard_s = now_s
            self._tell(text_pack("audio_ack", sequence=chunk.sequence, lost=self._mailbox.lost))

    # --- What is so ----------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """The protocol's ``Analysis``."""
        word = self._word()
        fps = MIN_FPS if self._reads or (self._picture_wanted and self.in_call) else 0
        if word == "on":
            fps = MAX_FPS if self.stage in (CALL, CALIBRATION) else HINTS_FPS
        audio = self._reads and self.in_call
        return {"state": word, "sentence": SENTENCES[word], "fps": fps, "audio": audio}

    def _word(self) -> str:
        if not self._entry.may_be_analysed:
            return "off"
        if self._paused:
            return "paused"
        if not self._admitted or self._late >= LATE:
            return "overloaded"
        if self._lost:
            return "interrupted"
        return "on" if self._seat is not None else "starting"

    @property
    def _reads(self) -> bool:
        return self._entry.may_be_analysed and not self._paused and self._admitted

    @property
    def in_call(self) -> bool:
        """Whether the candidate's page has reached the call and the room is live."""
        return self.stage == CALL and self._entry.is_live

    def _changed(self) -> None:
        """Something that the state depends on may have changed: ask for a place or give it up, and tell."""
        if self._entry.may_be_analysed:
            self._admitted = admission_here().enter(self, self._was_admitted)
        else:
            admission_here().leave(self)
            self._admitted = False
        if not self._reads:
            dropped = self._mailbox.empty()
            if dropped is not None:
                self._acknowledge(dropped, analysed=False)
        state = self.state()
        if state != self._last_state:
            self._last_state = state
            self._on_state()

    def _was_admitted(self) -> None:
        self._changed()

    # --- The one task --------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            await self._mailbox.wait()
            try:
                seat = await self._take_seat()
                async with seat.turn:
                    work = self._mailbox.take()
                    if self._reads:
                        await self._work(seat, work)
            except WorkerLost as error:
                logger.warning("room %s: %s", self._entry.room_id, error)
                await self._leave_seat()
                self._lost = True
                self._changed()
                await asyncio.sleep(REOPEN_S)

    async def _take_seat(self) -> Seat:
        """The seat, with the settings of now; raises :class:`WorkerLost`."""
        entry = self._entry
        settings = {
            "calibration": entry.calibration,
            "started_ms": entry.recording_started_ms,
            "questions_s": list(entry.questions_s),
        }
        if self._seat is None:
            if self._models is None:  # the same after a worker was lost: a session ends on what it began with
                try:
                    self._models = await database_sync_to_async(live_models_choose)(room_id=entry.room_id)
                except DatabaseError as error:
                    raise WorkerLost(f"the versions in service could not be asked for: {error}") from error
            self._seat = await pool_here().open(models=self._models, journal=entry.journal, **settings)
            self._lost = False
            self._changed()
        elif settings != self._settings_sent:
            await self._seat.set(**{key: v for key, v in settings.items() if v != self._settings_sent[key]})
        self._settings_sent = settings
        return self._seat

    async def _leave_seat(self) -> None:
        seat, self._seat = self._seat, None
        if seat is not None:
            with contextlib.suppress(WorkerLost):
                await seat.leave()

    async def _work(self, seat: Seat, work: Work) -> None:
        in_call, stage = self.in_call, self.stage
        audio, body = self._laid_out(work.audio) if in_call else ([], b"")
        head: pipes.Head = {"keep": in_call, "hints": stage != CALL, "gaze": stage == CALIBRATION, "audio": audio}
        head["frame"] = None
        if work.frame is not None:
            at_ms = self._frame_at_ms = max(self._server_ms(work.frame), self._frame_at_ms + 1)
            head["frame"] = {"at_ms": at_ms}
            body += work.frame.payload
        answer: pipes.Head = {}
        try:
            answer = await seat.work(head, body)
        finally:
            if work.frame is not None:
                self._acknowledge(work.frame, analysed="frame" in answer)
        if work.frame is not None:
            await self._tell_frame(work.frame.sequence, self._frame_at_ms, answer, stage, in_call)
        for read in answer.get("speech", ()):
            sequence = work.audio[-1].sequence if work.audio else 0
            await self._reading(sequence, read["window"][1], {"speech_emotion": read}, slot="speech")
        if answer.get("metrics") and in_call:
            self.metrics = answer["metrics"]
            await self._publish("metrics", text_pack("metrics", metrics=self.metrics))

    async def _tell_frame(self, sequence: int, at_ms: float, answer: pipes.Head, stage: str, in_call: bool) -> None:
        if "error" in answer:
            self._tell(text_pack("error", code="bad_frame", sentence=answer["error"]))
        if "frame" not in answer:
            return
        frame = answer["frame"]
        if in_call:
            await self._reading(sequence, at_ms, frame["reads"], slot="frame", faces=frame["faces"])
        elif frame["hints"] is not None:
            self._tell(text_pack("hints", sequence=sequence, **frame["hints"]))
        if stage == CALIBRATION and "gaze" in frame:
            self._tell(text_pack("gaze", sequence=sequence, **frame["gaze"]))

    async def _reading(
        self, sequence: int, at_ms: float, reads: dict[str, Any], *, slot: str, faces: int | None = None
    ) -> None:
        age_ms = max(0.0, now_ms() - at_ms)
        was_late = self._late >= LATE
        if slot == "frame":
            self._late = self._late + 1 if age_ms > SHOWN_AGE_MS else 0
        if (self._late >= LATE) != was_late:
            self._changed()
        if age_ms > SHOWN_AGE_MS or self._seat is None:
            return
        models = {key: version for key, version in self._seat.versions.items() if key in reads}
        fields = {"sequence": sequence, "captured_ms": round(at_ms, 1), "age_ms": round(age_ms, 1), "faces": faces}
        await self._publish(slot, text_pack("reading", **fields, modalities=reads, models=models))

    def _acknowledge(self, frame: Media, *, analysed: bool) -> None:
        self._tell(text_pack("frame_ack", sequence=frame.sequence, analysed=analysed))

    def _server_ms(self, media: Media) -> float:
        """When it was captured, on our clock; never in the future."""
        return min(media.captured_ms + self._clock.offset_ms, now_ms())

    def _laid_out(self, chunks: Sequence[Media]) -> tuple[list[dict[str, Any]], bytes]:
        """The sound on our clock, in pieces: each chunk behind the one before, unless something is missing between."""
        pieces: list[dict[str, Any]] = []
        for chunk in chunks:
            duration_ms = len(chunk.payload) / 2 / chunk.rate_hz * 1000
            at_ms = min(chunk.captured_ms + self._clock.offset_ms, now_ms() - duration_ms)
            follows = at_ms - self._sound_end_ms < SOUND_STEP_MS
            at_ms = self._sound_end_ms if follows else at_ms
            self._sound_end_ms = at_ms + duration_ms
            if pieces and follows and pieces[-1]["rate_hz"] == chunk.rate_hz:
                pieces[-1]["bytes"] += len(chunk.payload)
            else:
                pieces.append({"at_ms": at_ms, "rate_hz": chunk.rate_hz, "bytes": len(chunk.payload)})
        return pieces, b"".join(chunk.payload for chunk in chunks)
