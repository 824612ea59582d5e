"""The analysis of one candidate's connection: from the mailbox to a worker and back, one request at a time.

The socket fills the mailbox, and one task per connection empties it, so that no socket waits for a worker. When the
task falls behind, it takes the newest frame.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any, Final

from channels.db import database_sync_to_async
from django.db import DatabaseError

from analysis.live import messages, parts
from analysis.live.clock import BrowserClock
from analysis.live.engine import pipes
from analysis.live.engine.admission import admission_here
from analysis.live.engine.answers import CALIBRATION, CALL, AnswerMessages, Moment, ToCandidate, ToRecruiters
from analysis.live.engine.context import AnalysisContext
from analysis.live.engine.mailbox import Mailbox, Work
from analysis.live.engine.media_times import MediaTimes
from analysis.live.engine.pool import WorkerSession, pool_here
from analysis.live.engine.worker_process import WorkerLost
from analysis.live.protocol import MAX_FPS, MIN_FPS
from analysis.live.wire import Media
from analysis.readings.journal_file import JournalFile
from analysis.services.live.journals import journal_begin
from analysis.services.live.models import live_models_choose
from interviews.media_storage import MediaLocked

logger = logging.getLogger(__name__)

HINTS_FPS: Final = 4
REOPEN_S: Final = 1.0
"""Delay before the next session is opened after a worker was lost."""
AUDIO_ACK_S: Final = 1.0

SENTENCES: Final[dict[parts.AnalysisStatus, str]] = {
    "starting": "The analysis is starting.",
    "on": "The analysis is on.",
    "paused": "The candidate has paused the recording and the analysis.",
    "off": "Nothing is analysed: the candidate has not agreed to it.",
    "overloaded": "Analysis is paused because the server is busy; the recording continues.",
    "interrupted": "The analysis was interrupted and is starting again; the recording continues.",
}
NOT_ALLOWED: Final = "Nothing is analysed: the rules for this interview do not allow it."


class CandidateAnalysis:
    """``tell`` and ``publish`` are those of :class:`AnswerMessages`.

    ``on_state`` is called after every change of :meth:`state`. ``summary``: the running summary, None before the first.
    """

    def __init__(
        self,
        context: AnalysisContext,
        clock: BrowserClock,
        *,
        tell: ToCandidate,
        publish: ToRecruiters,
        on_state: Callable[[], None],
    ) -> None:
        self.stage: parts.Stage = "check"
        self._context = context
        self._tell, self._on_state = tell, on_state
        self._answers = AnswerMessages(tell=tell, publish=publish, on_busy=self._changed)
        self._times = MediaTimes(clock)
        self._mailbox = Mailbox()
        self._audio_acked_s = 0.0
        self._session: WorkerSession | None = None
        self._models: dict[str, str | None] | None = None
        self._modalities: tuple[str, ...] = ()
        self._paused = self._picture_wanted = self._lost = False
        self._admitted = False
        self._options_sent: dict[str, Any] = {}
        self._last_state: parts.AnalysisState | None = None
        self._task: asyncio.Task[None] | None = None
        self._discarding: asyncio.Task[None] | None = None

    # --- What happens at the connection ----------------------------------------------------------------------------

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())
        self._changed()

    async def close(self) -> None:
        """Give up the worker session and the place; the journal keeps the readings so far."""
        admission_here().leave(self)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._discarding is not None:
            await self._discarding
        await self._close_session()

    def refresh(self, context: AnalysisContext) -> None:
        """The rows have changed: status, agreement, calibration or questions. What was read and is no longer agreed to,
        or no longer allowed, is discarded."""
        before, self._context = self._context, context
        is_withdrawn = before.may_be_analysed and not context.may_be_analysed
        if is_withdrawn or set(before.modalities) - set(context.modalities):
            self._discarding = asyncio.create_task(self._discard_session())
        self._changed()

    def move(self, stage: parts.Stage) -> None:
        """The candidate's page has reached this stage."""
        self.stage = stage
        self._changed()

    def pause(self, paused: bool) -> None:
        """The candidate pauses or resumes the analysis."""
        self._paused = paused
        self._changed()

    def want_picture(self, wanted: bool) -> None:
        """Whether frames are wanted even while nothing is analysed."""
        self._picture_wanted = wanted
        self._changed()

    def put_frame(self, frame: Media) -> None:
        """A frame has arrived; one that will not be analysed is acknowledged at once."""
        dropped = self._mailbox.put_frame(frame) if self._reads else frame
        if dropped is not None:
            self._acknowledge(dropped, analysed=False)

    def put_audio(self, chunk: Media) -> None:
        """A chunk of sound has arrived."""
        if self._reads and self.in_call:
            self._mailbox.put_audio(chunk)
        now_s = asyncio.get_running_loop().time()
        if now_s - self._audio_acked_s >= AUDIO_ACK_S:
            self._audio_acked_s = now_s
            self._tell(messages.AudioAck(chunk.sequence, self._mailbox.lost))

    # --- State -----------------------------------------------------------------------------------------------------

    @property
    def summary(self) -> parts.Summary | None:
        return self._answers.summary

    @property
    def in_call(self) -> bool:
        """Whether the candidate's page has reached the call and the room is live."""
        return self.stage == CALL and self._context.is_live

    def state(self) -> parts.AnalysisState:
        """The state of the analysis, and the frame rate that it requests."""
        status = self._status()
        fps = MIN_FPS if self._reads or (self._picture_wanted and self.in_call) else 0
        if status == "on":
            fps = MAX_FPS if self.stage in (CALL, CALIBRATION) else HINTS_FPS
        sentence = SENTENCES[status] if self._context.is_allowed else NOT_ALLOWED
        return parts.AnalysisState(status, sentence, fps, self._reads and self.in_call)

    def _status(self) -> parts.AnalysisStatus:
        if not self._context.may_be_analysed:
            return "off"
        if self._paused:
            return "paused"
        if not self._admitted or self._answers.is_busy:
            return "overloaded"
        if self._lost:
            return "interrupted"
        return "on" if self._session is not None else "starting"

    @property
    def _reads(self) -> bool:
        return self._context.may_be_analysed and not self._paused and self._admitted

    def _changed(self) -> None:
        """An input of the state may have changed: request or give up a place, and send the new state."""
        if self._context.may_be_analysed:
            self._admitted = admission_here().enter(self, self._changed)
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

    # --- The one task ----------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            await self._mailbox.wait()
            try:
                session = await self._open_session()
                async with session.turn:
                    work = self._mailbox.take()
                    if self._reads:
                        await self._work(session, work)
            except WorkerLost as error:
                logger.warning("room %s: %s", self._context.room_id, error)
                await self._close_session()
                self._lost = True
                self._changed()
                await asyncio.sleep(REOPEN_S)

    async def _open_session(self) -> WorkerSession:
        """The worker session, with the current options. Raises :class:`WorkerLost`."""
        options, modalities = self._context.worker_options(), self._context.modalities
        if self._session is not None and modalities != self._modalities:
            await self._close_session()  # policy has changed
        if self._session is None:
            models = await self._chosen_models()
            journal, self._modalities = await self._journal(), modalities
            self._session = await pool_here().open(models=models, journal=journal, modalities=modalities, **options)
            self._lost = False
            self._changed()
        elif options != self._options_sent:
            changed = {name: value for name, value in options.items() if value != self._options_sent[name]}
            await self._session.set(**changed)
        self._options_sent = options
        return self._session

    async def _chosen_models(self) -> dict[str, str | None]:
        """The model versions of the connection, also after a lost worker: it keeps those it began with."""
        if self._models is None:
            try:
                self._models = await database_sync_to_async(live_models_choose)(room_id=self._context.room_id)
            except DatabaseError as error:
                raise WorkerLost(f"the versions in service could not be asked for: {error}") from error
        return self._models

    async def _journal(self) -> JournalFile:
        try:
            file: JournalFile = await database_sync_to_async(journal_begin)(room_id=self._context.room_id)
        except (DatabaseError, MediaLocked) as error:
            raise WorkerLost(f"the room's journal cannot be opened: {error}") from error
        return file

    async def _close_session(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(WorkerLost):
                await session.close()

    async def _discard_session(self) -> None:
        session, self._session = self._session, None
        self._answers.summary = None
        if session is not None:
            with contextlib.suppress(WorkerLost):
                await session.discard(erases=not self._context.is_held)

    async def _work(self, session: WorkerSession, work: Work) -> None:
        frame, in_call, stage = work.frame, self.in_call, self.stage
        audio, body = self._times.sound_pieces(work.audio) if in_call else ([], b"")
        head: pipes.Head = {"keep": in_call, "hints": stage != CALL, "gaze": stage == CALIBRATION, "audio": audio}
        at_ms = self._times.frame_at_ms(frame) if frame is not None else None
        head["frame"] = {"at_ms": at_ms} if frame is not None else None
        if frame is not None:
            body += frame.payload
        answer: pipes.Head = {}
        try:
            answer = await session.work(head, body)
        finally:
            if frame is not None:
                self._acknowledge(frame, analysed="frame" in answer)
        moment = Moment(
            stage=stage,
            in_call=in_call,
            frame_sequence=frame.sequence if frame is not None else None,
            frame_at_ms=at_ms,
            audio_sequence=work.audio[-1].sequence if work.audio else 0,
            versions=session.versions,
        )
        await self._answers.send(answer, moment)

    def _acknowledge(self, frame: Media, *, analysed: bool) -> None:
        self._tell(messages.FrameAck(frame.sequence, analysed))
