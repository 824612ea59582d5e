"""A candidate's session inside a worker process: the recognisers' state, the room's journal and its running summary."""

import time
from collections.abc import Collection
from dataclasses import asdict
from typing import Final

from analysis.live.engine import pipes
from analysis.metrics.definitions import METRICS
from analysis.readings.journal import Journal
from analysis.reasons import NARROW_BAND
from ml.live.analyzer import LiveAnalyzer
from ml.live.jpeg import InvalidFrame
from ml.live.reading import MUSICAL, FrameReadings, Reading
from ml.live.recognizer_cache import RecognizerCache
from ml.modalities import MODALITIES, SPEECH_EMOTION

METRICS_EVERY_S: Final = 5.0
METRICS_SHARE: Final = 0.05
"""Largest share of a worker's time spent on metrics, however long the interview is."""


class JournaledSession:
    """Reads one candidate, and keeps the readings of the call in the room's journal.

    Options, requests and answers are those of :mod:`analysis.live.engine.worker`. Lines of the journal are part of the
    answers. ``versions``: the version of each
    modality that reads. ``problems``: why a modality cannot be read, as a sentence.
    """

    def __init__(self, cache: RecognizerCache, options: pipes.Head, earlier: str = "") -> None:
        """``earlier``: what the journal has already."""
        recognizers = cache.load(options.get("models") or {}, modalities=options.get("modalities", MODALITIES))
        corrects_prior = bool(options.get("corrects_prior", True))
        self._analyzer = LiveAnalyzer(recognizers, options.get("calibration"), corrects_prior=corrects_prior)
        self.versions = recognizers.versions
        self.problems: dict[str, str] = dict(self._analyzer.problems)
        self._keeps_journal = bool(options.get("journal"))
        self._earlier = earlier
        self._lines: list[str] = []
        self._journal: Journal | None = None
        self._started_ms: float | None = options.get("started_ms")
        self._questions_s: list[float] = options.get("questions_s") or []
        self._metrics_allowed: Collection[str] = options.get("metrics", METRICS)
        self._metrics_due_s = 0.0

    def set(self, options: pipes.Head) -> None:
        """Change some of the options."""
        self._metrics_allowed = options.get("metrics", self._metrics_allowed)
        if "calibration" in options:
            self._analyzer.calibrate(options["calibration"])
        self._started_ms = options.get("started_ms", self._started_ms)
        self._questions_s = options.get("questions_s", self._questions_s)
        self._metrics_due_s = 0.0

    def work(self, head: pipes.Head, body: bytes) -> pipes.Head:
        """Read the sound and the frame of one request."""
        answer: pipes.Head = {}
        at, speech = 0, []
        for chunk in head["audio"]:
            end = at + chunk["bytes"]
            speech += self._analyzer.analyze_audio(body[at:end], chunk["rate_hz"], chunk["at_ms"] / 1000)
            at = end
        notice = NARROW_BAND if self._analyzer.narrow_band else ""
        reads = [_windowed(self._analyzer.speech_reading(one, notice), one.start_s, one.end_s) for one in speech]
        reads += [_windowed(Reading(None, reason=MUSICAL), *span) for span in self._analyzer.take_musical()]
        answer["speech"] = sorted(reads, key=lambda read: read["window"])
        if head["frame"] is not None:
            try:
                at_s = head["frame"]["at_ms"] / 1000
                frame = self._analyzer.analyze_frame(body[at:], at_s, assess_quality=head["hints"])
                answer["frame"] = _frame_read(frame, with_gaze=head["gaze"])
            except InvalidFrame as error:
                return answer | {"error": str(error)}
            if head["keep"]:
                self._keep_frame(at_s, frame)
        if head["keep"]:
            for one in speech:
                self.journal.add(SPEECH_EMOTION, one.start_s, one.end_s, one.label, one.confidence)
            answer["metrics"] = self._metrics()
        return answer

    def close(self) -> None:
        """End the journal."""
        if self._journal is not None:
            self._journal.close()

    def take_lines(self) -> pipes.Head:
        """``{"journal": text}`` with what is new in the journal, empty when nothing is."""
        text = "".join(self._lines)
        self._lines.clear()
        return {"journal": text} if text else {}

    @property
    def journal(self) -> Journal:
        """The journal, begun with the first reading to keep: before the call, nothing is written."""
        if self._journal is None:
            if not self._keeps_journal:
                raise ValueError("this session has no journal")
            self._journal = Journal(self.versions, earlier=self._earlier, write=self._lines.append)
            self._earlier = ""
        return self._journal

    def _keep_frame(self, at_s: float, frame: FrameReadings) -> None:
        for modality, one in frame.readings.items():
            self.journal.add_until_next(modality, at_s, one.label, one.confidence)

    def _metrics(self) -> pipes.Head | None:
        began_s = time.monotonic()
        if began_s < self._metrics_due_s:
            return None
        first_s = self._started_ms / 1000 if self._started_ms is not None else self.journal.first_s
        metrics = None
        if first_s is not None:
            questions_s = self._questions_s if self._started_ms is not None else []
            metrics = self.journal.summary.metrics(
                start_s=first_s, now_s=time.time(), questions_s=questions_s, metrics=self._metrics_allowed
            )
        took_s = time.monotonic() - began_s
        self._metrics_due_s = began_s + max(METRICS_EVERY_S, took_s / METRICS_SHARE)
        return metrics


def _frame_read(frame: FrameReadings, *, with_gaze: bool) -> pipes.Head:
    answer: pipes.Head = {
        "faces": frame.faces,
        "reads": {modality: _read(one) for modality, one in frame.readings.items()},
        "hints": asdict(frame.quality) if frame.quality is not None else None,
    }
    if with_gaze and frame.gaze is not None:
        answer["gaze"] = {
            "iris": [round(v, 5) for v in frame.gaze.iris],
            "head": [round(v, 5) for v in frame.gaze.head],
            "openness": round(frame.gaze.openness, 5),
        }
    return answer


def _read(one: Reading) -> pipes.Head:
    """The fields of :class:`analysis.live.parts.ModalityReading`."""
    return {
        "available": one.label is not None,
        "reason": one.reason,
        "label": one.label,
        "confidence": round(one.confidence, 4),
        "probabilities": {label: round(p, 4) for label, p in one.probabilities.items()},
    }


def _windowed(one: Reading, start_s: float, end_s: float) -> pipes.Head:
    return _read(one) | {"window": [round(start_s * 1000), round(end_s * 1000)]}
