"""From a recording to four timelines: the engine of the first walk.

Every stream is decoded once. One face pass over the sampled frames feeds facial expression, eye emotion and gaze,
each in its own thread behind a bounded queue; voice activity and speech emotion run beside it. A recogniser that
fails is reported with its reason and takes nobody down.

Importing this module is cheap: PyAV, OpenCV and the networks are loaded when a recording is analysed.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ml.media.errors import MediaError
from ml.modalities import EYE_GAZE, MODALITIES, SPEECH_EMOTION
from ml.timeline import Timeline

if TYPE_CHECKING:
    from ml.artifacts import Artifact
    from ml.faces.face_pass import FacePass
    from ml.media.probe import MediaInfo
    from ml.readers import FaceReader, SpeechReader

__all__ = [
    "AnalysisStopped",
    "MediaError",
    "ModalityAnalysis",
    "ModelRef",
    "Options",
    "Progress",
    "RecordingAnalysis",
    "analyze_recording",
]

logger = logging.getLogger(__name__)

ENOUGH_COVERAGE: Final = 0.4
"""Below this share of the recording a modality says how little it saw (the metrics then give no number)."""
PROGRESS_EVERY_S: Final = 0.25
FRAMES_AHEAD: Final = 6
HASHED_AT_ONCE: Final = 16 * 1024 * 1024


@dataclass(frozen=True)
class Options:
    """``fps``: frames analysed per second of the recording."""

    fps: float = 10.0


@dataclass(frozen=True)
class Progress:
    """``stage`` in words; ``fraction`` 0..1, never going back."""

    stage: str
    fraction: float


@dataclass(frozen=True)
class ModelRef:
    """Which version of which model made a timeline."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True)
class ModalityAnalysis:
    """``available`` is False only if nothing could be measured; ``reason`` then says why, and otherwise is empty or
    says how little could be. ``model`` is None when none was used."""

    timeline: Timeline
    available: bool
    reason: str
    model: ModelRef | None


@dataclass(frozen=True)
class RecordingAnalysis:
    """All that the pipeline found, ``modalities`` in the order of :data:`ml.modalities.MODALITIES`.

    ``timing``: wall_s, realtime_factor, and the busy seconds of each part, which overlap. ``faces``:
    max_simultaneous, and visible_s and visible_share of the candidate's face.
    """

    info: MediaInfo
    sha256: str | None
    modalities: dict[str, ModalityAnalysis]
    timing: dict[str, float]
    faces: dict[str, float]


class AnalysisStopped(Exception):
    """``should_stop`` said so."""


def never() -> bool:
    return False


def analyze_recording(
    path: str | Path,
    *,
    options: Options | None = None,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] = never,
) -> RecordingAnalysis:
    """Analyse one recording; raises :class:`MediaError` and :class:`AnalysisStopped`.

    ``progress`` is called at most about four times a second, from the calling thread. ``should_stop`` is asked
    several times a second, from several threads.
    """
    import cv2

    from ml.media.probe import probe
    from ml.readers import EyeEmotionReader, EyeGazeReader, FacialExpressionReader, SpeechReader

    started = time.perf_counter()
    cv2.setNumThreads(1)  # the pipeline's own threads are its parallelism
    report = _Reporter(progress, should_stop)
    report("Opening the recording", 0.0)
    info = probe(path)
    sha256 = _sha256(Path(path), report)
    readers: list[FaceReader[Any]] = [FacialExpressionReader(), EyeEmotionReader(), EyeGazeReader()]
    speech = SpeechReader(path, duration_s=info.duration_s, check=report.check)
    try:
        if info.has_audio:
            speech.start()
        faces = _Faces()
        faces.watch(path, info, options or Options(), readers, report)
        for reader in readers:
            reader.finish()
        report("Listening to the end", 0.95)
        speech.finish()
    except BaseException:
        report.stop()
        for reader in readers:
            reader.abandon()
        raise
    report("Putting the results together", 0.99)
    results = {reader.modality: faces.result(reader, info) for reader in readers}
    results[SPEECH_EMOTION] = _speech_result(speech, info)
    wall_s = time.perf_counter() - started
    timing = {f"{reader.modality}_s": reader.busy_s for reader in readers}
    timing |= {
        f"{speech.modality}_s": speech.busy_s,
        "wall_s": wall_s,
        "decode_s": faces.decode_s,
        "faces_s": faces.busy_s,
    }
    timing["realtime_factor"] = info.duration_s / wall_s
    return RecordingAnalysis(
        info=info,
        sha256=sha256,
        modalities={key: results[key] for key in MODALITIES},
        timing={key: round(value, 3) for key, value in timing.items()},
        faces=faces.summary(info),
    )


def _sha256(path: Path, report: _Reporter) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(HASHED_AT_ONCE):
            digest.update(block)
            report("Opening the recording", 0.01)
    return digest.hexdigest()


class _Reporter:
    """Passes progress on, not too often, and asks whether to go on."""

    def __init__(self, progress: Callable[[Progress], None] | None, should_stop: Callable[[], bool]) -> None:
        self._progress = progress
        self._should_stop = should_stop
        self._stopped = False
        self._last: Progress | None = None
        self._last_at = 0.0

    def __call__(self, stage: str, fraction: float) -> None:
        self.check()
        now = time.perf_counter()
        is_new_stage = self._last is None or self._last.stage != stage
        if self._progress is not None and (is_new_stage or now - self._last_at >= PROGRESS_EVERY_S):
            self._last, self._last_at = Progress(stage, fraction), now
            self._progress(self._last)

    def check(self) -> None:
        """Raises :class:`AnalysisStopped` when asked to stop."""
        if self._stopped or self._should_stop():
            self._stopped = True
            raise AnalysisStopped

    def stop(self) -> None:
        """Let the other threads end as well."""
        self._stopped = True


class _Faces:
    """The face pass of one recording, and what it means for the three modalities that depend on it."""

    def __init__(self) -> None:
        self.decode_s = self.busy_s = 0.0
        self._pass: FacePass | None = None
        self._problem = ""

    def watch(
        self,
        path: str | Path,
        info: MediaInfo,
        options: Options,
        readers: list[FaceReader[Any]],
        report: _Reporter,
    ) -> None:
        """Decode, pass over the faces and hand the samples on. A failing pass is kept as a problem."""
        from ml.faces.face_pass import FacePass
        from ml.faces.models import FaceModelsMissing
        from ml.media.video import frames
        from ml.workers import Prefetch

        try:
            self._pass = FacePass()
        except FaceModelsMissing as error:
            self._problem = str(error)
            return
        for reader in readers:
            reader.start()
        source = frames(path, fps=options.fps, source_fps=info.fps, duration_s=info.duration_s)
        with Prefetch(source, ahead=FRAMES_AHEAD, while_waiting=report.check) as decoded:
            for frame in decoded:
                report("Reading face, eyes and voice", 0.02 + 0.92 * min(1.0, frame.start_s / info.duration_s))
                began = time.perf_counter()
                try:
                    samples = self._pass.observe(frame)
                except Exception as error:
                    logger.exception("the face pass stopped")
                    self._problem = f"The search for faces stopped at {frame.start_s:.1f} s: {error}."
                    break
                self.busy_s += time.perf_counter() - began
                for sample in samples:
                    for reader in readers:
                        reader.give(sample)
        self.decode_s = decoded.busy_s

    def result(self, reader: FaceReader[Any], info: MediaInfo) -> ModalityAnalysis:
        """One modality: its timeline of the candidate, and what has to be said about it."""
        problem = self._problem or reader.problem
        if problem or self._pass is None:
            return _unavailable(reader.modality, reader.labels, problem)
        candidate = self._pass.candidate()
        if not candidate.tracks:
            return _unavailable(reader.modality, reader.labels, "No face was found in this recording.")
        timeline = reader.timeline(candidate.tracks)
        part = "eyes" if reader.modality == EYE_GAZE else "face"
        if not timeline.observed_s:
            return _unavailable(
                reader.modality, reader.labels, f"A face was found, but the candidate's {part} could not be read."
            )
        visible, read = candidate.seen_s / info.duration_s, timeline.coverage(info.duration_s)
        reason = ""
        if visible < ENOUGH_COVERAGE:
            reason = f"The face was visible for {visible:.0%} of the recording.".replace("%", " %")
        elif read < ENOUGH_COVERAGE:
            reason = f"The {part} could be read for {read:.0%} of the recording.".replace("%", " %")
        return ModalityAnalysis(timeline, True, reason, _model_ref(reader.artifact))

    def summary(self, info: MediaInfo) -> dict[str, float]:
        if self._pass is None:
            return {"max_simultaneous": 0, "visible_s": 0.0, "visible_share": 0.0}
        seen_s = self._pass.candidate().seen_s
        return {
            "max_simultaneous": self._pass.max_simultaneous,
            "visible_s": round(seen_s, 3),
            "visible_share": round(min(1.0, seen_s / info.duration_s), 4),
        }


def _speech_result(speech: SpeechReader, info: MediaInfo) -> ModalityAnalysis:
    if not info.has_audio:
        return _unavailable(speech.modality, speech.labels, "This recording has no audio track.")
    if speech.problem or speech.analysis is None:
        return _unavailable(speech.modality, speech.labels, speech.problem)
    found = speech.analysis
    return ModalityAnalysis(found.timeline, found.available, found.reason, _model_ref(found.artifact))


def _unavailable(modality: str, labels: tuple[str, ...], reason: str) -> ModalityAnalysis:
    return ModalityAnalysis(Timeline(modality, labels), False, reason, None)


def _model_ref(artifact: Artifact | None) -> ModelRef | None:
    if artifact is None:
        return None
    return ModelRef(artifact.manifest.name, artifact.manifest.version, artifact.manifest.sha256)
