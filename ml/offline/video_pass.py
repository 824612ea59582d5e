"""The pictures of a recording: decoded once, passed over for faces, handed to the readers."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from ml.faces.candidate import Candidate
from ml.faces.face_pass import FacePass
from ml.faces.models import FaceModelsMissing
from ml.failures import failure_sentence
from ml.media.probe import MediaInfo
from ml.media.video import frames
from ml.offline.runners import FaceReader
from ml.offline.threads import Prefetch

FRAMES_AHEAD: Final = 6


class Watcher:
    """One recording. After :meth:`watch`, ``problem`` says why the pictures could not be read, if so; ``decode_s``
    and ``faces_s`` are the busy seconds of the two parts."""

    def __init__(self, readers: Sequence[FaceReader[Any]]) -> None:
        self.problem = ""
        self.decode_s = self.faces_s = 0.0
        self.max_simultaneous = 0
        self.candidate = Candidate.among([])
        self._readers = readers

    def watch(self, path: str | Path, info: MediaInfo, *, fps: float, at: Callable[[float], None]) -> None:
        """Read to the end. ``at`` is told how far it is, in seconds, several times a second, and may raise to leave.

        Raises :class:`ml.media.errors.MediaError`. A failing search for faces is kept as ``problem`` instead, so that
        the voice can still be heard.
        """
        try:
            faces = FacePass()
        except FaceModelsMissing as error:
            self.problem = failure_sentence("search for faces", error)
            return
        for reader in self._readers:
            reader.start()
        now_s = 0.0
        source = frames(path, fps=fps, source_fps=info.fps, duration_s=info.duration_s)
        with Prefetch(source, ahead=FRAMES_AHEAD, while_waiting=lambda: at(now_s)) as decoded:
            for frame in decoded:
                now_s = frame.start_s
                at(now_s)
                began = time.perf_counter()
                try:
                    samples = faces.observe(frame)
                except Exception as error:
                    self.problem = failure_sentence("search for faces", error)
                    break
                self.faces_s += time.perf_counter() - began
                for sample in samples:
                    for reader in self._readers:
                        reader.give(sample)
        self.decode_s = decoded.busy_s
        self.max_simultaneous = faces.max_simultaneous
        self.candidate = faces.candidate()
        for reader in self._readers:
            reader.finish()
