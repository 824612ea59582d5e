"""One pass over the frames of a recording: decode, find faces, submit face samples to the runners."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from ml.faces.candidate import Candidate
from ml.faces.face_pass import FacePass
from ml.faces.models import FaceModelsMissing
from ml.failures import failure_sentence
from ml.media.info import MediaInfo
from ml.media.video import frames
from ml.offline.face_runners import FaceRunner
from ml.offline.threads import Prefetch

FRAMES_AHEAD: Final = 6


class VideoPass:
    """The pass over one recording. After :meth:`run`, ``problem`` says why faces could not be found, or is empty.
    ``decode_s`` and ``faces_s`` are the busy seconds of decoding and of the face pass."""

    def __init__(self, runners: Sequence[FaceRunner[Any]]) -> None:
        self.problem = ""
        self.decode_s = self.faces_s = 0.0
        self.max_simultaneous = 0
        self.candidate = Candidate.among([])
        self._runners = runners

    def run(self, path: str | Path, info: MediaInfo, *, fps: float, progress: Callable[[float], None]) -> None:
        """Runs to the end of the recording. ``progress`` gets the current second several times a second, and may raise
        to cancel.

        Raises :class:`ml.media.errors.MediaError`. A failure of the face pass becomes ``problem`` instead, so that
        speech is still recognised.
        """
        try:
            faces = FacePass()
        except FaceModelsMissing as error:
            self.problem = failure_sentence("search for faces", error)
            return
        for runner in self._runners:
            runner.start()
        now_s = 0.0
        source = frames(path, info, fps=fps)
        with Prefetch(source, ahead=FRAMES_AHEAD, while_waiting=lambda: progress(now_s)) as decoded:
            for frame in decoded:
                now_s = frame.start_s
                progress(now_s)
                began = time.perf_counter()
                try:
                    samples = faces.observe(frame)
                except Exception as error:
                    self.problem = failure_sentence("search for faces", error)
                    break
                self.faces_s += time.perf_counter() - began
                for sample in samples:
                    for runner in self._runners:
                        runner.submit(sample)
        self.decode_s = decoded.busy_s
        self.max_simultaneous = faces.max_simultaneous
        self.candidate = faces.candidate()
        for runner in self._runners:
            runner.finish()
