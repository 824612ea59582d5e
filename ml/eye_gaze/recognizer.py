"""The gaze recogniser: measures every frame, and determines the areas at the end of the session."""

from collections.abc import Sequence
from typing import Final

from ml import artifacts
from ml.eye_gaze import areas, direction, geometry, parameters
from ml.eye_gaze.calibration import Calibration
from ml.eye_gaze.geometry import GazeSample
from ml.eye_gaze.labels import LABELS
from ml.faces.face_pass import FaceSample
from ml.faces.iris import IrisNetwork
from ml.gaps import FACE_SMALL
from ml.inputs import InputSpec
from ml.modalities import EYE_GAZE
from ml.timeline import Observation

CALIBRATED: Final = "Center is the middle of the candidate's screen, by the gaze calibration of this session."
UNCALIBRATED: Final = (
    "Center is this person's own main direction, usually {direction}: there was no gaze calibration to place it."
)


class Recognizer:
    """Loads a version's parameters (the default's unless given) and the iris network.

    Raises :class:`ml.artifacts.ModelUnavailable` or :class:`ml.faces.models.FaceModelsMissing`.
    """

    inputs: tuple[InputSpec, ...] = ()
    labels = LABELS

    def __init__(self, artifact: artifacts.Artifact | None = None) -> None:
        self.artifact = artifact or artifacts.find(EYE_GAZE)
        self.parameters = parameters.load(self.artifact)
        self._iris = IrisNetwork()

    def measure(self, face: FaceSample) -> GazeSample | None:
        """The gaze of one face in one frame. ``None`` if the face is too small."""
        if not geometry.is_large_enough(face.pose, self.parameters):
            return None
        right, left = (self._iris.locate(cut) for cut in face.eyes)
        return geometry.measure(face.start_s, face.end_s, right, left, face.pose, self.parameters)

    def read(self, face: FaceSample) -> GazeSample | str:
        """The gaze as :meth:`measure` gives it, unless the picture is too poor (:mod:`ml.faces.quality`). A key of
        :mod:`ml.gaps` where there is none."""
        return face.quality.problem(EYE_GAZE) or self.measure(face) or FACE_SMALL

    def observations(self, samples: Sequence[GazeSample], calibration: Calibration | None = None) -> list[Observation]:
        """One observation for each sample of a session, which come in the order of time."""
        return areas.observations(samples, self.parameters, calibration)

    def center(self, samples: Sequence[GazeSample], calibration: Calibration | None = None) -> str:
        """What the label ``center`` means in a session of these samples, as a sentence. Empty without open eyes."""
        if calibration is not None:
            return CALIBRATED
        found = direction.main_direction_deg(samples, self.parameters)
        return "" if found is None else UNCALIBRATED.format(direction=direction.in_words(found))
