"""Converts a worker's answers to messages for the candidate and the recruiters."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from analysis.live import messages, parts
from analysis.live.clock import now_ms
from analysis.live.engine import pipes
from analysis.live.messages import Message
from analysis.live.protocol import SHOWN_AGE_MS

SPEECH_AGE_MS: Final = 10_000
"""Age of the end of a speech window from which its reading is not sent. It is longer than that of a frame's reading,
because the next window comes seconds later, and the lane of the last minute needs every one."""
LATE_READINGS: Final = 10
"""Number of consecutive frame readings too old to be shown after which the server counts as busy."""

CALL: Final = "call"
CALIBRATION: Final = "calibration"

ToCandidate = Callable[[Message], None]
ToRecruiters = Callable[[str, Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Moment:
    """A request to the worker, with the state at the time it was sent.

    ``frame_sequence`` and ``frame_at_ms`` are None without a frame; ``versions``: the version of each modality.
    """

    stage: parts.Stage
    in_call: bool
    frame_sequence: int | None
    frame_at_ms: float | None
    audio_sequence: int
    versions: dict[str, str]


class AnswerMessages:
    """Sends a worker's readings. ``tell`` sends to the candidate.

    ``publish(topic, message)`` sends to the recruiters, where only the newest message of each topic matters.
    ``on_busy`` is called when :attr:`is_busy` changes.
    """

    def __init__(self, *, tell: ToCandidate, publish: ToRecruiters, on_busy: Callable[[], None]) -> None:
        self.summary: parts.Summary | None = None
        self._tell, self._publish, self._on_busy = tell, publish, on_busy
        self._late = 0

    @property
    def is_busy(self) -> bool:
        """Whether readings keep being too old to be shown."""
        return self._late >= LATE_READINGS

    async def send(self, answer: pipes.Head, moment: Moment) -> None:
        """The answer to one ``work`` of :mod:`analysis.live.engine.worker`."""
        if moment.frame_sequence is not None and moment.frame_at_ms is not None:
            await self._send_frame(answer, moment, moment.frame_sequence, moment.frame_at_ms)
        for reading in answer.get("speech", ()):
            await self._send_speech(reading, moment)
        if answer.get("metrics") and moment.in_call:
            self.summary = msgspec.convert(answer["metrics"], parts.Summary)
            await self._publish("metrics", messages.SummaryChanged(self.summary))

    async def _send_frame(self, answer: pipes.Head, moment: Moment, sequence: int, at_ms: float) -> None:
        if "error" in answer:
            self._tell(messages.Error("bad_frame", answer["error"]))
        if "frame" not in answer:
            return
        frame = answer["frame"]
        if moment.in_call:
            age_ms = max(0.0, now_ms() - at_ms)
            self._count_late(age_ms)
            if age_ms <= SHOWN_AGE_MS:
                await self._send_reading("frame", sequence, at_ms, age_ms, frame["reads"], moment, faces=frame["faces"])
        elif frame["hints"] is not None:
            self._tell(messages.Hints(sequence, **frame["hints"]))
        if moment.stage == CALIBRATION and "gaze" in frame:
            self._tell(messages.CalibrationSample(sequence, **frame["gaze"]))

    async def _send_speech(self, reading: pipes.Head, moment: Moment) -> None:
        at_ms = float(reading["window"][1])
        age_ms = max(0.0, now_ms() - at_ms)
        if age_ms <= SPEECH_AGE_MS:
            reads = {"speech_emotion": reading}
            await self._send_reading("speech", moment.audio_sequence, at_ms, age_ms, reads, moment)

    async def _send_reading(
        self,
        topic: str,
        sequence: int,
        at_ms: float,
        age_ms: float,
        reads: dict[str, Any],
        moment: Moment,
        *,
        faces: int | None = None,
    ) -> None:
        reading = messages.NewReadings(
            sequence=sequence,
            captured_ms=round(at_ms, 1),
            age_ms=round(age_ms, 1),
            faces=faces,
            modalities=msgspec.convert(reads, dict[str, parts.ModalityReading]),
            models={modality: version for modality, version in moment.versions.items() if modality in reads},
        )
        await self._publish(topic, reading)

    def _count_late(self, age_ms: float) -> None:
        was_busy = self.is_busy
        self._late = self._late + 1 if age_ms > SHOWN_AGE_MS else 0
        if self.is_busy != was_busy:
            self._on_busy()
