"""The recognisers at work on a recording, each in its own thread: what they read, or why they could not."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ml.artifacts import Artifact
from ml.eye_gaze.geometry import GazeSample
from ml.faces.face_pass import FaceSample
from ml.failures import failure_sentence
from ml.media.audio import audio_chunks
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION, SPEECH_EMOTION
from ml.offline.threads import WAIT_S, Worker
from ml.recognizers import RECOGNIZERS
from ml.timeline import Observation, Timeline

if TYPE_CHECKING:
    from ml.eye_gaze.recognizer import Recognizer as GazeRecognizer
    from ml.speech_emotion.analyzer import SpeechAnalysis

Read = TypeVar("Read")
FindArtifact = Callable[[], Artifact]


class FaceReader(ABC, Generic[Read]):
    """One of the three modalities that read face samples. Every face in view is read on its own; whose readings
    count is known only at the end, and those of other people are then dropped.

    ``find`` names the version to load and may raise :class:`ml.artifacts.ModelUnavailable`. ``labels`` are the
    modality's until the version is loaded, and then the version's own, which may stand in another order. ``notice`` is
    a sentence on how the result has to be read, empty when there is nothing to say.
    """

    modality: str
    labels: tuple[str, ...]

    def __init__(self, find: FindArtifact) -> None:
        self.artifact: Artifact | None = None
        self.notice = ""
        self._find = find
        self._read_of: dict[int, list[Read]] = {}
        self._worker: Worker[FaceSample] = Worker(self.modality, self._handle)
        self.start, self.give = self._worker.start, self._worker.give
        self.finish, self.abandon = self._worker.finish, self._worker.abandon

    @property
    def busy_s(self) -> float:
        return self._worker.busy_s

    @property
    def problem(self) -> str:
        """Why this modality could not be read to the end, as a sentence; empty when it could. Ask once."""
        return "" if self._worker.error is None else _failure(self.modality, self._worker.error)

    def timeline(self, tracks: Set[int]) -> Timeline:
        """What was read of these tracks, which are one person's; call it after ``finish``."""
        read = [item for track in tracks for item in self._read_of.get(track, ())]
        observations = sorted(self._observations(read), key=lambda o: o.start_s)
        return Timeline(self.modality, self.labels, tuple(observations))

    def turned_s(self, tracks: Set[int]) -> float:
        """For how long these tracks' faces were turned too far away to be read; call it after ``finish``."""
        return 0.0

    def _handle(self, sample: FaceSample) -> None:
        if self.artifact is None:
            self.artifact = self._load()
        read = self._read(sample)
        if read is not None:
            self._read_of.setdefault(sample.track, []).append(read)

    @abstractmethod
    def _load(self) -> Artifact:
        """Load the recogniser, in the thread that uses it."""

    @abstractmethod
    def _read(self, sample: FaceSample) -> Read | None:
        """What one frame shows; ``None`` where it cannot be read."""

    @abstractmethod
    def _observations(self, read: Sequence[Read]) -> Sequence[Observation]:
        """From the readings of one person to observations."""


class PictureReader(FaceReader[Observation]):
    """A reader that classifies one picture cut from the face; a face turned too far away is not classified."""

    _classify: Callable[[NDArray[np.uint8]], NDArray[np.float32]]

    @abstractmethod
    def _picture(self, sample: FaceSample) -> NDArray[np.uint8]: ...

    def __init__(self, find: FindArtifact) -> None:
        super().__init__(find)
        self._turned_s_of: dict[int, float] = {}

    def turned_s(self, tracks: Set[int]) -> float:
        return sum(self._turned_s_of.get(track, 0.0) for track in tracks)

    def _load(self) -> Artifact:
        recognizer = RECOGNIZERS[self.modality].load(self._find())
        self.labels = recognizer.labels
        self._classify = recognizer.recognize
        artifact: Artifact = recognizer.artifact
        return artifact

    def _read(self, sample: FaceSample) -> Observation | None:
        if not sample.pose.is_readable(self.modality):
            before_s = self._turned_s_of.get(sample.track, 0.0)
            self._turned_s_of[sample.track] = before_s + sample.end_s - sample.start_s
            return None
        return _observation(sample, self.labels, self._classify(self._picture(sample)))

    def _observations(self, read: Sequence[Observation]) -> Sequence[Observation]:
        return read


class FacialExpressionReader(PictureReader):
    modality = FACIAL_EXPRESSION
    labels = RECOGNIZERS[FACIAL_EXPRESSION].labels

    def _picture(self, sample: FaceSample) -> NDArray[np.uint8]:
        return sample.crop


class EyeEmotionReader(PictureReader):
    modality = EYE_EMOTION
    labels = RECOGNIZERS[EYE_EMOTION].labels

    def _picture(self, sample: FaceSample) -> NDArray[np.uint8]:
        return sample.strip


class EyeGazeReader(FaceReader[GazeSample]):
    """``calibration``, set before the start, is the session's own as ``Calibration.to_json`` of :mod:`ml.eye_gaze`
    made it; one that cannot be used is passed over, and ``notice`` says so."""

    modality = EYE_GAZE
    labels = RECOGNIZERS[EYE_GAZE].labels
    calibration: Mapping[str, Any] | None = None

    def _load(self) -> Artifact:
        from ml.eye_gaze.calibration import Calibration

        self._recognizer: GazeRecognizer = RECOGNIZERS[EYE_GAZE].load(self._find())
        self._calibration: Calibration | None = None
        if self.calibration is not None:
            try:
                self._calibration = Calibration.from_json(self.calibration)
            except ValueError:
                self.notice = "The gaze calibration of this session could not be used; gaze was read without it."
        return self._recognizer.artifact

    def _read(self, sample: FaceSample) -> GazeSample | None:
        return self._recognizer.measure(sample)

    def _observations(self, read: Sequence[GazeSample]) -> Sequence[Observation]:
        return self._recognizer.observations(sorted(read, key=lambda r: r.start_s), self._calibration) if read else ()


FACE_READERS: Final[tuple[type[FaceReader[Any]], ...]] = (FacialExpressionReader, EyeEmotionReader, EyeGazeReader)


class SpeechReader:
    """Voice activity and speech emotion over the recording's sound, beside the pictures."""

    modality = SPEECH_EMOTION
    labels = RECOGNIZERS[SPEECH_EMOTION].labels

    def __init__(
        self,
        path: str | Path,
        *,
        duration_s: float,
        check: Callable[[], None],
        find: FindArtifact,
        find_shadow: FindArtifact | None = None,
    ) -> None:
        """``check`` is called for every second of sound and may raise to leave. ``find_shadow`` names a second version
        that hears the same windows, and whose failure hurts nobody else."""
        self.busy_s = 0.0
        self.analysis: SpeechAnalysis | None = None
        self._path, self._duration_s, self._check = path, duration_s, check
        self._find, self._find_shadow = find, find_shadow
        self.problem = ""
        self._thread = threading.Thread(target=self._run, name=self.modality, daemon=True)
        self.start = self._thread.start

    @property
    def shadow_problem(self) -> str:
        """Why the shadow could not hear to the end, as a sentence; empty when it could. Ask once."""
        error = self.analysis.shadow_error if self.analysis is not None else None
        return "" if error is None else _failure(self.modality, error)

    def finish(self) -> None:
        """Wait for the end of the sound; ``check`` may raise meanwhile."""
        while self._thread.is_alive():
            self._thread.join(WAIT_S)
            self._check()

    def _run(self) -> None:
        started = time.perf_counter()
        try:
            from ml.speech_emotion.analyzer import SpeechAnalyzer

            find_shadow, load = self._find_shadow, RECOGNIZERS[self.modality].load
            analyzer = SpeechAnalyzer(
                load(self._find()), shadow=None if find_shadow is None else lambda: load(find_shadow())
            )
            self.analysis = analyzer.analyze(self._chunks(), self._duration_s)
        except Exception as error:
            self.problem = _failure(self.modality, error)
        self.busy_s = time.perf_counter() - started

    def _chunks(self) -> Iterator[tuple[float, NDArray[np.float32]]]:
        from ml.speech_emotion.analyzer import SOUND_RATE

        for chunk in audio_chunks(self._path, rate_hz=SOUND_RATE):
            self._check()
            yield chunk


def _failure(modality: str, error: Exception) -> str:
    return failure_sentence(f"{modality.replace('_', '-')} recogniser", error)


def _observation(sample: FaceSample, labels: tuple[str, ...], probabilities: NDArray[np.float32]) -> Observation:
    best = int(probabilities.argmax())
    return Observation(
        sample.start_s, sample.end_s, labels[best], float(probabilities[best]), tuple(float(p) for p in probabilities)
    )
