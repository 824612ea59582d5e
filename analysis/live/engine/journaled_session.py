"""A candidate's session inside a worker process: the recognisers' state, the room's journal and its running summary."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Final

from analysis.live.engine import pipes
from analysis.readings.journal import Journal
from analysis.reasons import NARROW_BAND
from ml.live.models import Models
from ml.live.pictures import BadPicture
from ml.live.session import MUSICAL, FrameRead, LiveSession, Read
from ml.modalities import SPEECH_EMOTION
from ml.recognizers import RECOGNIZERS
from ml.timeline import Observation

METRICS_EVERY_S: Final = 5.0
METRICS_SHARE: Final = 0.05
"""However long an interview gets, at most this share of a worker's time goes into its metrics."""


class JournaledSession:
    """Reads one candidate, and keeps the readings of the call in the room's journal.

    Options, requests and answers are those of :mod:`analysis.live.engine.worker`. ``versions``: the version of each
    modality that reads. ``problems``: why a modality cannot be read, as a sentence.
    """

    def __init__(self, models: Models, options: pipes.Head) -> None:
        chosen = models.load(options.get("models") or {})
        self._recognition = LiveSession(chosen, options.get("calibration"))
        self.versions = chosen.versions
        self.problems: dict[str, str] = dict(self._recognition.problems)
        path = options.get("journal")
        self._journal_path = Path(path) if path else None
        self._journal: Journal | None = None
        self._started_ms: float | None = options.get("started_ms")
        self._questions_s: list[float] = options.get("questions_s") or []
        self._metrics_due_s = 0.0

    def set(self, options: pipes.Head) -> None:
        """Change some of the options."""
        if "calibration" in options:
            self._recognition.calibrate(options["calibration"])
        self._started_ms = options.get("started_ms", self._started_ms)
        self._questions_s = options.get("questions_s", self._questions_s)
        self._metrics_due_s = 0.0

    def work(self, head: pipes.Head, body: bytes) -> pipes.Head:
        """Read the sound and the frame of one request."""
        answer: pipes.Head = {}
        at, speech = 0, []
        for chunk in head["audio"]:
            end = at + chunk["bytes"]
            speech += self._recognition.hear(body[at:end], chunk["rate_hz"], chunk["at_ms"] / 1000)
            at = end
        notice = NARROW_BAND if self._recognition.narrow_band else ""
        reads = [_speech_read(one, notice) for one in speech]
        reads += [_musical_read(*span) for span in self._recognition.take_musical()]
        answer["speech"] = sorted(reads, key=lambda read: read["window"])
        if head["frame"] is not None:
            try:
                read = self._recognition.see(body[at:], head["frame"]["at_ms"] / 1000, hints=head["hints"])
                answer["frame"] = _frame_read(read, with_gaze=head["gaze"])
            except BadPicture as error:
                return answer | {"error": str(error)}
            if head["keep"]:
                self._keep_frame(head["frame"]["at_ms"] / 1000, read)
        if head["keep"]:
            for one in speech:
                self.journal.add(SPEECH_EMOTION, one.start_s, one.end_s, one.label, one.confidence)
            answer["metrics"] = self._metrics()
        return answer

    def close(self) -> None:
        """Close the journal."""
        if self._journal is not None:
            self._journal.close()

    @property
    def journal(self) -> Journal:
        """Opened with the first reading that is kept: before the call nothing is written."""
        if self._journal is None:
            if self._journal_path is None:
                raise ValueError("this session has no journal")
            self._journal = Journal(self._journal_path, self.versions)
        return self._journal

    def _keep_frame(self, at_s: float, read: FrameRead) -> None:
        for modality, one in read.reads.items():
            self.journal.add_until_next(modality, at_s, one.label, one.confidence)

    def _metrics(self) -> pipes.Head | None:
        began_s = time.monotonic()
        if began_s < self._metrics_due_s:
            return None
        first_s = self._started_ms / 1000 if self._started_ms is not None else self.journal.first_s
        metrics = None
        if first_s is not None:
            questions_s = self._questions_s if self._started_ms is not None else []
            metrics = self.journal.summary.metrics(start_s=first_s, now_s=time.time(), questions_s=questions_s)
        took_s = time.monotonic() - began_s
        self._metrics_due_s = began_s + max(METRICS_EVERY_S, took_s / METRICS_SHARE)
        return metrics


def _frame_read(read: FrameRead, *, with_gaze: bool) -> pipes.Head:
    answer: pipes.Head = {
        "faces": read.faces,
        "reads": {modality: _read(one) for modality, one in read.reads.items()},
        "hints": asdict(read.hints) if read.hints is not None else None,
    }
    if with_gaze and read.gaze is not None:
        answer["gaze"] = {
            "iris": [round(v, 5) for v in read.gaze.iris],
            "head": [round(v, 5) for v in read.gaze.head],
            "openness": round(read.gaze.openness, 5),
        }
    return answer


def _read(one: Read) -> pipes.Head:
    """The fields of :class:`analysis.live.parts.ModalityReading`."""
    return {
        "available": one.label is not None,
        "reason": one.reason,
        "label": one.label,
        "confidence": round(one.confidence, 4),
        "probabilities": {label: round(p, 4) for label, p in one.probabilities.items()},
    }


def _speech_read(one: Observation, notice: str) -> pipes.Head:
    named = dict(zip(RECOGNIZERS[SPEECH_EMOTION].labels, one.probabilities, strict=True))
    return _read(Read(one.label, one.confidence, named, notice)) | {"window": _window(one.start_s, one.end_s)}


def _musical_read(start_s: float, end_s: float) -> pipes.Head:
    return _read(Read(None, reason=MUSICAL)) | {"window": _window(start_s, end_s)}


def _window(start_s: float, end_s: float) -> list[int]:
    return [round(start_s * 1000), round(end_s * 1000)]
