"""The worker program of the live rooms: ``python -m analysis.live.engine.worker``.

It reads requests from standard input and writes answers to standard output, in the format of
:mod:`analysis.live.engine.pipes`. It imports no Django and has no socket.

Every request carries ``id`` and ``do``, and is answered once, in order, with the same ``id``; an answer with
``error``, a sentence, means that the request failed:

- ``warm_up`` {models}: load and run every network once.
- ``open`` {session, models, corrects_prior, calibration, journal, started_ms, questions_s}: -> {versions, problems}.
  ``models`` are folders of versions by modality (none: what ships); ``corrects_prior``: see
  :class:`ml.live.analyzer.LiveAnalyzer`; ``journal``: whether there is one. The body is its text so far.
- ``set`` {session, …}: any of calibration, started_ms (second 0 of the room's clock, server epoch), questions_s.
- ``work`` {session, keep, hints, gaze, frame: {at_ms} or null, audio: [{at_ms, rate_hz, bytes}]}; the body holds the
  pieces of sound, then the frame. ``keep``: into the journal. -> {frame, speech, metrics}.
- ``close`` {session}.

The answers to the last three may have ``journal``: lines for the room's journal. The process is confined, and has no
file that it could write.

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
from typing import BinaryIO, Final

import cv2

from analysis.live.engine import pipes
from analysis.live.engine.journaled_session import JournaledSession
from ml.live.analyzer import warm_up
from ml.live.recognizer_cache import RecognizerCache

CLOSING_S: Final = 2.0
"""A worker whose input has ended has this long to end."""
NICENESS: Final = 5
"""Workers have lower priority than the web process."""

Message = tuple[pipes.Head, bytes]

logger = logging.getLogger("live.worker")


class RequestHandler:
    """Handles the requests to this process one after the other; ``session`` of a request names one of its sessions."""

    def __init__(self) -> None:
        self._recognizers = RecognizerCache()
        self._sessions: dict[str, JournaledSession] = {}

    def handle(self, head: pipes.Head, body: bytes) -> pipes.Head:
        """The answer to one message; never raises."""
        try:
            return {"id": head["id"], **self._DO[head["do"]](self, head, body)}
        except Exception:
            logger.exception("could not %s", head.get("do"))
            return {"id": head.get("id"), "error": "The analysis of this moment failed because of an internal error."}

    def _warm_up(self, head: pipes.Head, body: bytes) -> pipes.Head:
        warm_up(self._recognizers.load(head.get("models") or {}))
        return {}

    def _open(self, head: pipes.Head, body: bytes) -> pipes.Head:
        closed = self._close(head, body)
        session = JournaledSession(self._recognizers, head, body.decode(errors="replace"))
        self._sessions[head["session"]] = session
        return {"versions": session.versions, "problems": session.problems, **closed}

    def _set(self, head: pipes.Head, body: bytes) -> pipes.Head:
        self._sessions[head["session"]].set(head)
        return {}

    def _work(self, head: pipes.Head, body: bytes) -> pipes.Head:
        session = self._sessions[head["session"]]
        return {**session.work(head, body), **session.take_lines()}

    def _close(self, head: pipes.Head, body: bytes) -> pipes.Head:
        session = self._sessions.pop(head["session"], None)
        if session is None:
            return {}
        session.close()
        return session.take_lines()

    _DO: Final[dict[str, Callable[["RequestHandler", pipes.Head, bytes], pipes.Head]]] = {
        "warm_up": _warm_up,
        "open": _open,
        "set": _set,
        "work": _work,
        "close": _close,
    }


def _read_input(stream: BinaryIO, waiting: "queue.SimpleQueue[Message | None]") -> None:
    """In a thread of its own, so that the end of input ends the process also while a network hangs."""
    while (message := pipes.read(stream)) is not None:
        waiting.put(message)
    waiting.put(None)
    time.sleep(CLOSING_S)
    os._exit(0)


def main() -> None:
    logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    os.nice(NICENESS)
    cv2.setNumThreads(1)  # the workers are the parallelism
    # The output of libraries goes to the log, not between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    waiting: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
    threading.Thread(target=_read_input, args=(sys.stdin.buffer, waiting), name="input", daemon=True).start()
    handler = RequestHandler()
    with contextlib.suppress(BrokenPipeError):  # the web process is gone
        while (message := waiting.get()) is not None:
            answers.write(pipes.pack(handler.handle(*message)))
            answers.flush()


if __name__ == "__main__":
    main()
