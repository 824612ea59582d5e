"""One pass over the frames of a recording: decode, find faces, submit face samples to the runners."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from ml.faces.candidate import Candidate
from ml.faces.face_pass import FacePass
from ml.faces.models import FaceModelsMissing
from ml.failures import failure_sentence
from ml.gaps import DAMAGED, FRAMES_MISSING
from ml.media.damage import Damage
from ml.media.info import MediaInfo
from ml.media.video import frames
from ml.offline.face_runners import FaceRunner
from ml.offline.gaps import Cause, Span, subtract, union
from ml.offline.threads import Prefetch

FRAMES_AHEAD: Final = 6
MISSING_FROM_S: Final = 0.1
"""Time between two frames above which frames are missing; below, it is jitter."""
NO_PICTURE: Final = "This recording has sound, but no picture."


class VideoPass:
    """The pass over one recording. After :meth:`run`, ``problem`` says why faces could not be found, or is empty.
    ``decode_s`` and ``faces_s`` are the busy seconds of decoding and of the face pass."""

    def __init__(self, runners: Sequence[FaceRunner[Any]]) -> None:
        self.problem = ""
        self.decode_s = self.faces_s = 0.0
        self.max_simultaneous = 0
        self.candidate = Candidate.among([])
        self.damage = Damage()
        self._covered: list[Span] = []
        self._duration_s = 0.0
        self._runners = runners

    @property
    def causes(self) -> list[Cause]:
        """Why stretches of the recording have no pictures, for :func:`ml.offline.gaps.merge_gaps`. Call it after
        :meth:`run`."""
        missing = subtract([(0.0, self._duration_s)], union(self._covered, join_s=MISSING_FROM_S))
        return [(DAMAGED, self.damage.spans), (FRAMES_MISSING, missing)]

    def run(self, path: str | Path, info: MediaInfo, *, fps: float, progress: Callable[[float], None]) -> None:
        """Runs to the end of the recording. ``progress`` gets the current second several times a second, and may raise
        to cancel.

        Raises :class:`ml.media.errors.MediaError`. A failure of the face pass becomes ``problem`` instead, so that
        speech is still recognised.
        """
        self._duration_s = info.duration_s
        if info.video is None:
            self.problem = NO_PICTURE
            return
        try:
            faces = FacePass()
        except FaceModelsMissing as error:
            self.problem = failure_sentence("search for faces", error)
            return
        for runner in self._runners:
            runner.start()
        now_s = 0.0
        source = frames(path, info, fps=fps, damage=self.damage)
        with Prefetch(source, ahead=FRAMES_AHEAD, while_waiting=lambda: progress(now_s)) as decoded:
            for frame in decoded:
                now_s = frame.start_s
                self._covered.append((frame.start_s, frame.end_s))
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
