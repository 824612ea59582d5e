"""Runners of the modalities that use the face pass. Each runs its recogniser in a thread of its own."""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from ml.artifacts import Artifact
from ml.class_prior import ClassPrior
from ml.eye_gaze.geometry import GazeSample
from ml.faces.candidate import Candidate
from ml.faces.classification import FaceClassifier, classify
from ml.faces.face_pass import FaceSample
from ml.faces.label_decision import POOLED, decide
from ml.failures import recognizer_failure
from ml.gaps import EYES_HIDDEN, MOUTH_COVERED, NO_FACE
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION
from ml.offline.gaps import Cause, merge_gaps
from ml.offline.threads import QueueThread
from ml.recognizers import RECOGNIZERS
from ml.spans import Span, intersect, subtract
from ml.timeline import Observation, Timeline

if TYPE_CHECKING:
    from ml.eye_gaze.calibration import Calibration
    from ml.eye_gaze.recognizer import Recognizer as GazeRecognizer

FACE_MODALITIES: Final = (FACIAL_EXPRESSION, EYE_EMOTION, EYE_GAZE)
"""The modalities that use the face pass."""
NEED_MOUTH: Final = (FACIAL_EXPRESSION,)
"""Those that read nothing while the mouth is covered: with a hand over the mouth 56 % of FER2013's faces are right, of
71 % (the card of compact-v2)."""
MOST_GAZE_FPS: Final = 10.0
"""Gaze is measured so often a second at most, and holds in between: a look lasts longer, and its network is the most
expensive part of a frame."""
SAME_S: Final = 1e-3
"""Times closer than this are the same."""


class Timed(Protocol):
    """What lasts from ``start_s`` to ``end_s``."""

    @property
    def start_s(self) -> float: ...

    @property
    def end_s(self) -> float: ...


Result = TypeVar("Result", bound=Timed)
FindArtifact = Callable[[], Artifact]
"""Finds the version to load. May raise :class:`ml.artifacts.ModelUnavailable`."""


def face_runner(
    modality: str, find: FindArtifact, *, calibration: Mapping[str, Any] | None, fps: float, corrects_prior: bool
) -> "FaceRunner[Any]":
    """The runner of a face modality for ``fps`` frames a second. ``calibration`` is the session's gaze calibration,
    which gaze alone uses. ``corrects_prior``: see :class:`ClassifierRunner`."""
    if modality == EYE_GAZE:
        return GazeRunner(find, calibration, fps=fps)
    return ClassifierRunner(modality, find, corrects_prior=corrects_prior)


class FaceRunner(ABC, Generic[Result]):
    """Runs a recogniser on face samples.

    Which of the submitted faces are the candidate's is known at the end only; the results of the others are dropped
    then. ``labels`` are the modality's until the version is loaded, then the version's own, which may have another
    order. ``class_prior`` is the one that the probabilities are corrected for. ``notice`` is a sentence on how to
    interpret the result, or empty.
    """

    def __init__(self, modality: str, find: FindArtifact) -> None:
        self.modality = modality
        self.labels = RECOGNIZERS[modality].labels
        self.artifact: Artifact | None = None
        self.class_prior: ClassPrior | None = None
        self.notice = ""
        self._find = find
        self._results: dict[int, list[Result]] = {}
        self._unread_spans: dict[int, list[tuple[str, Span]]] = {}
        self._thread: QueueThread[FaceSample] = QueueThread(modality, self._handle)
        self.start, self.submit = self._thread.start, self._thread.submit
        self.finish, self.cancel = self._thread.finish, self._thread.cancel

    @property
    def busy_s(self) -> float:
        """Processor seconds of the recogniser."""
        return self._thread.busy_s

    @property
    def problem(self) -> str:
        """Why the recogniser failed, as a sentence, or empty. Logs the error: ask once."""
        return "" if self._thread.error is None else recognizer_failure(self.modality, self._thread.error)

    def timeline(self, candidate: Candidate, *, duration_s: float, causes: Sequence[Cause] = ()) -> Timeline:
        """The candidate's timeline, without the time in which their picture stood still or, where it is needed, their
        mouth was covered, and with its gaps. ``causes``:
        why nothing is read in some stretches, before the runner's and the candidate's own. Call it after ``finish``."""
        results = [result for track in candidate.tracks for result in self._results.get(track, ())]
        covered = candidate.mouth_covered if self.modality in NEED_MOUTH else []
        readable = subtract(candidate.live, covered)
        live = sorted(_within(results, readable), key=lambda result: result.start_s)
        observations = self._observations(live)
        read = [(o.start_s, o.end_s) for o in observations if o.is_observed]
        hidden = [(o.start_s, o.end_s) for o in observations if not o.is_observed]
        reasons = (
            *causes,
            (EYES_HIDDEN, hidden),
            *self._unread(candidate),
            (MOUTH_COVERED, covered),
            *candidate.causes,
        )
        gaps = merge_gaps(read, reasons, duration_s=duration_s, rest=NO_FACE)
        return Timeline(self.modality, self.labels, tuple(observations), gaps)

    def _unread(self, candidate: Candidate) -> Sequence[Cause]:
        """Why faces of the candidate gave no result, and in which spans."""
        by_reason: dict[str, list[Span]] = {}
        for track in candidate.tracks:
            for reason, span in self._unread_spans.get(track, ()):
                by_reason.setdefault(reason, []).append(span)
        return [(reason, intersect(sorted(spans), candidate.live)) for reason, spans in by_reason.items()]

    def _handle(self, face: FaceSample) -> None:
        if self.artifact is None:
            artifact = self._find()
            self._load(artifact)
            self.artifact = artifact
        result = self._recognize(face)
        if isinstance(result, str):
            self._unread_spans.setdefault(face.track, []).append((result, (face.start_s, face.end_s)))
        else:
            self._results.setdefault(face.track, []).append(result)

    @abstractmethod
    def _load(self, artifact: Artifact) -> None:
        """Loads the recogniser, in the thread that uses it."""

    @abstractmethod
    def _recognize(self, face: FaceSample) -> Result | str:
        """The result for one face in one frame, or why there is none: a key of :mod:`ml.gaps`."""

    @abstractmethod
    def _observations(self, results: Sequence[Result]) -> Sequence[Observation]:
        """The observations of one person, from results in the order of time."""


class ClassifierRunner(FaceRunner[Observation]):
    """Runs a network that classifies single faces. ``corrects_prior``: for the class prior of use, where the version
    has one."""

    _classifier: FaceClassifier

    def __init__(self, modality: str, find: FindArtifact, *, corrects_prior: bool) -> None:
        super().__init__(modality, find)
        self._corrects_prior = corrects_prior

    def _load(self, artifact: Artifact) -> None:
        self._classifier = RECOGNIZERS[self.modality].load(artifact)
        self.labels = self._classifier.labels
        self.class_prior = artifact.manifest.class_prior if self._corrects_prior else None

    def _recognize(self, face: FaceSample) -> Observation | str:
        return classify(self.modality, self._classifier, face)

    def _observations(self, results: Sequence[Observation]) -> Sequence[Observation]:
        return decide(results, self.labels, self.class_prior) if self.modality in POOLED else results


class GazeRunner(FaceRunner[GazeSample]):
    """Runs the gaze recogniser."""

    _recognizer: "GazeRecognizer"

    def __init__(self, find: FindArtifact, calibration: Mapping[str, Any] | None, *, fps: float) -> None:
        """``calibration``: as :meth:`ml.eye_gaze.calibration.Calibration.to_json` writes it. One that cannot be used is
        ignored, and ``notice`` says so."""
        super().__init__(EYE_GAZE, find)
        self._is_dense = fps > MOST_GAZE_FPS
        self._measured: dict[int, int] = {}
        """The number of the interval in which each track was measured last."""
        self._stored_calibration = calibration
        self._calibration: Calibration | None = None
        self._calibration_problem = ""

    def _load(self, artifact: Artifact) -> None:
        from ml.eye_gaze.calibration import Calibration

        self._recognizer = RECOGNIZERS[EYE_GAZE].load(artifact)
        if self._stored_calibration is not None:
            try:
                self._calibration = Calibration.from_json(self._stored_calibration)
            except ValueError:
                self._calibration_problem = "The gaze calibration of this session could not be used."

    def _handle(self, face: FaceSample) -> None:
        interval = round(face.start_s * MOST_GAZE_FPS)
        if self._is_dense and self._measured.get(face.track) == interval:
            self._hold(face)
            return
        self._measured[face.track] = interval
        super()._handle(face)

    def _hold(self, face: FaceSample) -> None:
        """The last measurement of this face lasts until the end of the frame."""
        results, unread = self._results.get(face.track, []), self._unread_spans.get(face.track, [])
        if results and abs(results[-1].end_s - face.start_s) < SAME_S:
            results[-1] = replace(results[-1], end_s=face.end_s)
        elif unread and abs(unread[-1][1][1] - face.start_s) < SAME_S:
            unread[-1] = unread[-1][0], (unread[-1][1][0], face.end_s)

    def _recognize(self, face: FaceSample) -> GazeSample | str:
        return self._recognizer.read(face)

    def _observations(self, results: Sequence[GazeSample]) -> Sequence[Observation]:
        if not results:
            return ()
        center = self._recognizer.center(results, self._calibration)
        self.notice = f"{self._calibration_problem} {center}".strip()
        return self._recognizer.observations(results, self._calibration)


def _within(results: Sequence[Result], spans: Sequence[Span]) -> list[Result]:
    """The results that begin inside one of the spans, which are ascending."""
    starts_s = [start_s for start_s, _ in spans]

    def covered(at_s: float) -> bool:
        index = bisect_right(starts_s, at_s + 1e-6) - 1
        return index >= 0 and at_s < spans[index][1] - 1e-6

    return [result for result in results if covered(result.start_s)]
