"""The worker program: ``python -m analysis.live.engine.worker``. Reads work from standard input, writes readings to
standard output (see :mod:`analysis.live.engine.pipes`); knows no Django and no socket.

Every message carries ``id`` and ``do``, and is answered once, in order, with the same ``id`` (and ``error``, a
sentence, if it could not be done):

- ``warm_up`` {models}: load and run every network once.
- ``open`` {session, models, calibration, journal, started_ms, questions_s}: -> {versions, problems}. ``models`` are
  folders of versions by modality (none: what ships), ``journal`` the path of the room's journal.
- ``set`` {session, …}: any of calibration, started_ms (second 0 of the room's clock, server epoch), questions_s.
- ``work`` {session, keep, hints, gaze, frame: {at_ms} or null, audio: [{at_ms, rate_hz, bytes}]}; the body holds the
  pieces of sound, then the frame. ``keep``: into the journal. -> {frame, speech, metrics}.
- ``close`` {session}.

It ends when its input ends, so that it never outlives the web process.
"""

import contextlib
import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, Final

import cv2

from analysis.live.engine import pipes
from analysis.readings.journal import Journal
from analysis.reasons import NARROW_BAND
from ml.live.models import Models
from ml.live.pictures import BadPicture
from ml.live.session import MUSICAL, FrameRead, LiveSession, Read, warm_up
from ml.modalities import SPEECH_EMOTION
from ml.recognizers import RECOGNIZERS
from ml.timeline import Observation

METRICS_EVERY_S: Final = 5.0
METRICS_SHARE: Final = 0.05
"""However long an interview gets, at most this share of a worker's time goes into its metrics."""
LAST_WORDS_S: Final = 2.0
"""So long a worker whose input has ended may take to close its journals."""
NICENESS: Final = 5
"""Readings may wait for the web process, never the other way round."""

Message = tuple[pipes.Head, bytes]

logger = logging.getLogger("live.worker")


class Seat:
    """One session in this worker."""

    def __init__(self, models: Models, options: pipes.Head) -> None:
        chosen = models.load(options.get("models") or {})
        self.session = LiveSession(chosen, options.get("calibration"))
        self.versions = chosen.versions
        path = options.get("journal")
        self._journal_path = Path(path) if path else None
        self._journal: Journal | None = None
        self._started_ms: float | None = options.get("started_ms")
        self._questions_s: list[float] = options.get("questions_s") or []
        self._metrics_due_s = 0.0

    def set(self, options: pipes.Head) -> None:
        if "calibration" in options:
            self.session.calibrate(options["calibration"])
        self._started_ms = options.get("started_ms", self._started_ms)
        self._questions_s = options.get("questions_s", self._questions_s)
        self._metrics_due_s = 0.0

    def work(self, head: pipes.Head, body: bytes) -> pipes.Head:
        answer: pipes.Head = {}
        at, speech = 0, []
        for chunk in head["audio"]:
            end = at + chunk["bytes"]
            speech += self.session.hear(body[at:end], chunk["rate_hz"], chunk["at_ms"] / 1000)
            at = end
        notice = NARROW_BAND if self.session.narrow_band else ""
        reads = [_speech_read(one, notice) for one in speech]
        reads += [_musical_read(*span) for span in self.session.take_musical()]
        answer["speech"] = sorted(reads, key=lambda read: read["window"])
        if head["frame"] is not None:
            try:
                read = self.session.see(body[at:], head["frame"]["at_ms"] / 1000, hints=head["hints"])
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
            self.journal.see(modality, at_s, one.label, one.confidence)

    def _metrics(self) -> pipes.Head | None:
        began_s = time.monotonic()
        if began_s < self._metrics_due_s:
            return None
        first_s = self._started_ms / 1000 if self._started_ms is not None else self.journal.first_s
        metrics = None
        if first_s is not None:
            questions_s = self._questions_s if self._started_ms is not None else []
            metrics = self.journal.so_far.metrics(start_s=first_s, now_s=time.time(), questions_s=questions_s)
        took_s = time.monotonic() - began_s
        self._metrics_due_s = began_s + max(METRICS_EVERY_S, took_s / METRICS_SHARE)
        return metrics


class Worker:
    """Does what it is told, one thing after the other."""

    def __init__(self) -> None:
        self._models = Models()
        self._seats: dict[str, Seat] = {}

    def handle(self, head: pipes.Head, body: bytes) -> pipes.Head:
        """The answer to one message; never raises."""
        try:
            return {"id": head["id"], **self._DO[head["do"]](self, head, body)}
        except Exception:
            logger.exception("could not %s", head.get("do"))
            return {"id": head.get("id"), "error": "The analysis of this moment failed because of an internal error."}

    def close(self) -> None:
        for seat in self._seats.values():
            seat.close()

    def _warm_up(self, head: pipes.Head, body: bytes) -> pipes.Head:
        warm_up(self._models.load(head.get("models") or {}))
        return {}

    def _open(self, head: pipes.Head, body: bytes) -> pipes.Head:
        self._close(head, body)
        seat = self._seats[head["session"]] = Seat(self._models, head)
        return {"versions": seat.versions, "problems": dict(seat.session.problems)}

    def _set(self, head: pipes.Head, body: bytes) -> pipes.Head:
        self._seats[head["session"]].set(head)
        return {}

    def _work(self, head: pipes.Head, body: bytes) -> pipes.Head:
        return self._seats[head["session"]].work(head, body)

    def _close(self, head: pipes.Head, body: bytes) -> pipes.Head:
        seat = self._seats.pop(head["session"], None)
        if seat is not None:
            seat.close()
        return {}

    _DO: Final[dict[str, Callable[["Worker", pipes.Head, bytes], pipes.Head]]] = {
        "warm_up": _warm_up,
        "open": _open,
        "set": _set,
        "work": _work,
        "close": _close,
    }


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
    """The protocol's ``Read``."""
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


def _take_in(stream: BinaryIO, waiting: "queue.SimpleQueue[Message | None]") -> None:
    """In a thread of its own, so that the end of input ends the process also while a network hangs."""
    while (message := pipes.read(stream)) is not None:
        waiting.put(message)
    waiting.put(None)
    time.sleep(LAST_WORDS_S)
    os._exit(0)


def main() -> None:
    logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    os.nice(NICENESS)
    cv2.setNumThreads(1)  # the workers are the parallelism
    # Whatever a library prints goes to the log, not between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    waiting: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
    threading.Thread(target=_take_in, args=(sys.stdin.buffer, waiting), name="input", daemon=True).start()
    worker = Worker()
    with contextlib.suppress(BrokenPipeError):  # nobody is left to hear the answer
        while (message := waiting.get()) is not None:
            answers.write(pipes.pack(worker.handle(*message)))
            answers.flush()
    worker.close()


if __name__ == "__main__":
    main()
