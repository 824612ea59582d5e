"""The gaze recogniser: read every frame, name the areas at the end of the session."""

from collections.abc import Sequence

from ml import artifacts
from ml.eye_gaze import areas, geometry, parameters
from ml.eye_gaze.calibration import TARGET_DEG, Calibration, Sample, fit
from ml.eye_gaze.geometry import Reading
from ml.eye_gaze.labels import LABELS
from ml.eye_gaze.parameters import Pair
from ml.faces.face_pass import FaceSample
from ml.faces.iris import IrisNetwork
from ml.inputs import InputSpec
from ml.modalities import EYE_GAZE
from ml.timeline import Observation


class Recognizer:
    """Loads the parameters (default version unless given) and the iris network; raises
    :class:`ml.artifacts.ModelUnavailable` or :class:`ml.faces.models.FaceModelsMissing`."""

    inputs: tuple[InputSpec, ...] = ()
    labels = LABELS

    def __init__(self, artifact: artifacts.Artifact | None = None) -> None:
        self.artifact = artifact or artifacts.find(EYE_GAZE)
        self.parameters = parameters.load(self.artifact)
        self._iris = IrisNetwork()

    def read(self, sample: FaceSample) -> Reading | None:
        """The gaze in one frame, ``None`` when the face is too small."""
        right, left = (self._iris.locate(cut) for cut in sample.eyes)
        return geometry.read(sample.start_s, sample.end_s, right, left, sample.pose, self.parameters)

    def calibrate(self, samples: Sequence[Sample], *, target_deg: Pair = TARGET_DEG) -> Calibration:
        """What these looks at the nine dots make; raises :class:`ml.eye_gaze.calibration.CalibrationRefused`."""
        return fit(samples, self.parameters, target_deg=target_deg)

    def observations(self, readings: Sequence[Reading], calibration: Calibration | None = None) -> list[Observation]:
        """The session's readings, in order of time, as observations."""
        return areas.observations(readings, self.parameters, calibration)
