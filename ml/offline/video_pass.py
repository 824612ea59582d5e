"""The passes over the frames of a recording: decode, find faces, submit face samples to the runners.

One pass reads a recording with one person. Whose faces are read is decided at its end, because the voice belongs to the
rule. So the first pass submits the largest faces of each frame, and a second one follows only where the candidate was
not among them throughout, or where a recruiter chose the person.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from ml.faces.candidate import Candidate, PersonAt, choose
from ml.faces.face_pass import FacePass, SeenFace
from ml.faces.models import FaceModelsMissing
from ml.faces.mouth_cover import Measured, covered_spans
from ml.faces.people import Person
from ml.failures import failure_sentence
from ml.gaps import DAMAGED, FRAMES_MISSING
from ml.media.damage import Damage
from ml.media.info import MediaInfo
from ml.media.video import Frame, frames
from ml.offline.face_runners import FaceRunner
from ml.offline.gaps import Cause
from ml.offline.people_log import PeopleLog
from ml.offline.threads import Prefetch
from ml.spans import Span, intersect, seconds, subtract, union

FRAMES_AHEAD: Final = 6
MISSING_FROM_S: Final = 0.1
"""Time between two frames above which frames are missing; below, it is jitter."""
NO_PICTURE: Final = "This recording has sound, but no picture."
READ_AT_ONCE: Final = 2
"""Number of faces of one frame that the first pass submits."""
UNREAD: Final = 0.05
"""Share of the candidate's time in view that may stay unread without a second pass."""

Progress = Callable[[float], None]


class VideoPass:
    """The passes over one recording: :meth:`run`, then :meth:`choose` once the voice is known. ``problem`` says why
    faces could not be found, or is empty. ``frames`` is the number of sampled frames. ``decode_s``, ``faces_s`` and
    ``cuts_s`` are the processor seconds of decoding without the decoder's own threads, of the search for faces and
    landmarks, and of the inputs that are cut for the recognisers."""

    def __init__(
        self,
        runners: Sequence[FaceRunner[Any]],
        path: str | Path,
        info: MediaInfo,
        *,
        fps: float,
        chosen: PersonAt | None = None,
    ) -> None:
        """``chosen``: a recruiter's choice of the candidate."""
        self.problem = ""
        self.frames = 0
        self.decode_s = self.faces_s = self.cuts_s = 0.0
        self.max_simultaneous = 0
        self.people: list[Person] = []
        self.candidate = Candidate()
        self.damage = Damage()
        self._covered: list[Span] = []
        self._runners = runners
        self._path, self._info, self._fps = path, info, fps
        self._chosen = chosen
        self._submitted_s: dict[int, float] = {}
        self._mouth_covers: dict[int, list[Measured]] = {}

    @property
    def causes(self) -> list[Cause]:
        """Why stretches of the recording have no pictures, for :func:`ml.offline.gaps.merge_gaps`. Call it after
        :meth:`run`."""
        missing = subtract([(0.0, self._info.duration_s)], union(self._covered, join_s=MISSING_FROM_S))
        return [(DAMAGED, self.damage.spans), (FRAMES_MISSING, missing)]

    def run(self, *, progress: Progress) -> None:
        """Runs to the end of the recording. ``progress`` gets the current second several times a second, and may raise
        to cancel.

        Raises :class:`ml.media.errors.MediaError`. A failure of the face pass becomes ``problem`` instead, so that
        speech is still recognised.
        """
        if self._info.video is None:
            self.problem = NO_PICTURE
            return
        for runner in self._runners:
            runner.start()
        log = PeopleLog()
        for frame, seen, faces in self._passed(progress, self.damage):
            self.frames += 1
            self._covered.append((frame.start_s, frame.end_s))
            log.add(frame, seen)
            for face in self._likely(seen):
                self._submit(faces, frame, face)
                self._submitted_s[face.track] = self._submitted_s.get(face.track, 0.0) + frame.end_s - frame.start_s
        self.max_simultaneous = log.max_simultaneous
        self.people = log.people()

    def choose(self, voice: Sequence[Span], *, progress: Progress) -> None:
        """Determines the candidate, reads what was not read of them yet, and ends the runners. ``voice``: when somebody
        speaks. Raises as :meth:`run`."""
        if self._info.video is None:
            return
        self.candidate = choose(self.people, voice, chosen=self._chosen)
        if self._is_unread(self.candidate) and not self.problem:
            for frame, seen, faces in self._passed(progress, Damage()):
                submitted = {face.track for face in self._likely(seen)}
                for face in seen:
                    if face.track in self.candidate.tracks and face.track not in submitted and face.is_readable:
                        self._submit(faces, frame, face)
        measured = sorted(one for track in self.candidate.tracks for one in self._mouth_covers.get(track, ()))
        self.candidate = self.candidate.with_mouth_covered(covered_spans(measured))
        for runner in self._runners:
            runner.finish()

    def _passed(self, progress: Progress, damage: Damage) -> Iterator[tuple[Frame, list[SeenFace], FacePass]]:
        """The frames with their faces. Every pass finds the same tracks."""
        try:
            faces = FacePass()
        except FaceModelsMissing as error:
            self.problem = failure_sentence("search for faces", error)
            return
        now_s = 0.0
        source = frames(self._path, self._info, fps=self._fps, damage=damage)
        with Prefetch(source, ahead=FRAMES_AHEAD, while_waiting=lambda: progress(now_s)) as decoded:
            for frame in decoded:
                now_s = frame.start_s
                progress(now_s)
                began = time.thread_time()
                try:
                    seen = faces.observe(frame)
                except Exception as error:
                    self.problem = failure_sentence("search for faces", error)
                    break
                self.faces_s += time.thread_time() - began
                yield frame, seen, faces
        self.decode_s += decoded.busy_s

    def _likely(self, seen: Sequence[SeenFace]) -> list[SeenFace]:
        """The faces that are submitted before the candidate is known: none where a recruiter chose."""
        if self._chosen is not None:
            return []
        return sorted((face for face in seen if face.is_readable), key=lambda face: -face.area)[:READ_AT_ONCE]

    def _submit(self, faces: FacePass, frame: Frame, face: SeenFace) -> None:
        began = time.thread_time()
        sample = faces.sample(frame, face)
        self.cuts_s += time.thread_time() - began
        if sample.mouth_cover is not None:
            self._mouth_covers.setdefault(sample.track, []).append((sample.start_s, sample.mouth_cover))
        for runner in self._runners:
            runner.submit(sample)

    def _is_unread(self, candidate: Candidate) -> bool:
        if candidate.person is None:
            return False
        readable_s = candidate.seen_s - seconds(intersect(candidate.live, candidate.person.small))
        submitted_s = sum(self._submitted_s.get(track, 0.0) for track in candidate.tracks)
        return readable_s - submitted_s > UNREAD * readable_s
