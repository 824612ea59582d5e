"""Runners of the modalities that use the face pass. Each runs its recogniser in a thread of its own."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from ml.artifacts import Artifact
from ml.eye_gaze.geometry import GazeSample
from ml.faces.classification import FaceClassifier, classify
from ml.faces.face_pass import FaceSample
from ml.failures import recognizer_failure
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION
from ml.offline.threads import QueueThread
from ml.recognizers import RECOGNIZERS
from ml.timeline import Observation, Timeline

if TYPE_CHECKING:
    from ml.eye_gaze.calibration import Calibration
    from ml.eye_gaze.recognizer import Recognizer as GazeRecognizer

FACE_MODALITIES: Final = (FACIAL_EXPRESSION, EYE_EMOTION, EYE_GAZE)
"""The modalities that use the face pass."""

Result = TypeVar("Result")
FindArtifact = Callable[[], Artifact]
"""Finds the version to load. May raise :class:`ml.artifacts.ModelUnavailable`."""


def face_runner(modality: str, find: FindArtifact, *, calibration: Mapping[str, Any] | None) -> "FaceRunner[Any]":
    """The runner of a face modality. ``calibration`` is the session's gaze calibration, which gaze alone uses."""
    return GazeRunner(find, calibration) if modality == EYE_GAZE else ClassifierRunner(modality, find)


class FaceRunner(ABC, Generic[Result]):
    """Runs a recogniser on face samples.

    All faces are recognised. Which tracks belong to the candidate is known at the end only; the results of the others
    are dropped then. ``labels`` are the modality's until the version is loaded, then the version's own, which may have
    another order. ``notice`` is a sentence on how to interpret the result, or empty.
    """

    def __init__(self, modality: str, find: FindArtifact) -> None:
        self.modality = modality
        self.labels = RECOGNIZERS[modality].labels
        self.artifact: Artifact | None = None
        self.notice = ""
        self._find = find
        self._results: dict[int, list[Result]] = {}
        self._thread: QueueThread[FaceSample] = QueueThread(modality, self._handle)
        self.start, self.submit = self._thread.start, self._thread.submit
        self.finish, self.cancel = self._thread.finish, self._thread.cancel

    @property
    def busy_s(self) -> float:
        """Seconds spent in the recogniser."""
        return self._thread.busy_s

    @property
    def problem(self) -> str:
        """Why the recogniser failed, as a sentence, or empty. Logs the error: ask once."""
        return "" if self._thread.error is None else recognizer_failure(self.modality, self._thread.error)

    def timeline(self, tracks: Set[int]) -> Timeline:
        """The timeline of the person with these tracks. Call it after ``finish``."""
        results = [result for track in tracks for result in self._results.get(track, ())]
        observations = sorted(self._observations(results), key=lambda o: o.start_s)
        return Timeline(self.modality, self.labels, tuple(observations))

    def turned_s(self, tracks: Set[int]) -> float:
        """Seconds in which the head of the person with these tracks was turned beyond the network's limits. Call it
        after ``finish``."""
        return 0.0

    def _handle(self, face: FaceSample) -> None:
        if self.artifact is None:
            artifact = self._find()
            self._load(artifact)
            self.artifact = artifact
        result = self._recognize(face)
        if result is not None:
            self._results.setdefault(face.track, []).append(result)

    @abstractmethod
    def _load(self, artifact: Artifact) -> None:
        """Loads the recogniser, in the thread that uses it."""

    @abstractmethod
    def _recognize(self, face: FaceSample) -> Result | None:
        """The result for one face in one frame, ``None`` if it cannot be recognised."""

    @abstractmethod
    def _observations(self, results: Sequence[Result]) -> Sequence[Observation]:
        """The observations of one person."""


class ClassifierRunner(FaceRunner[Observation]):
    """Runs a network that classifies single faces."""

    _classifier: FaceClassifier

    def __init__(self, modality: str, find: FindArtifact) -> None:
        super().__init__(modality, find)
        self._turned_s: dict[int, float] = {}

    def turned_s(self, tracks: Set[int]) -> float:
        return sum(self._turned_s.get(track, 0.0) for track in tracks)

    def _load(self, artifact: Artifact) -> None:
        self._classifier = RECOGNIZERS[self.modality].load(artifact)
        self.labels = self._classifier.labels

    def _recognize(self, face: FaceSample) -> Observation | None:
        observation = classify(self.modality, self._classifier, face)
        if observation is None:
            self._turned_s[face.track] = self._turned_s.get(face.track, 0.0) + face.end_s - face.start_s
        return observation

    def _observations(self, results: Sequence[Observation]) -> Sequence[Observation]:
        return results


class GazeRunner(FaceRunner[GazeSample]):
    """Runs the gaze recogniser."""

    _recognizer: "GazeRecognizer"

    def __init__(self, find: FindArtifact, calibration: Mapping[str, Any] | None) -> None:
        """``calibration``: as :meth:`ml.eye_gaze.calibration.Calibration.to_json` writes it. One that cannot be used is
        ignored, and ``notice`` says so."""
        super().__init__(EYE_GAZE, find)
        self._stored_calibration = calibration
        self._calibration: Calibration | None = None

    def _load(self, artifact: Artifact) -> None:
        from ml.eye_gaze.calibration import Calibration

        self._recognizer = RECOGNIZERS[EYE_GAZE].load(artifact)
        if self._stored_calibration is not None:
            try:
                self._calibration = Calibration.from_json(self._stored_calibration)
            except ValueError:
                self.notice = "The gaze calibration of this session could not be used; gaze was read without it."

    def _recognize(self, face: FaceSample) -> GazeSample | None:
        return self._recognizer.measure(face)

    def _observations(self, results: Sequence[GazeSample]) -> Sequence[Observation]:
        samples = sorted(results, key=lambda sample: sample.start_s)
        return self._recognizer.observations(samples, self._calibration) if samples else ()
