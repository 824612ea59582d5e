"""Classification of one face by a modality's network: the input that the network takes, and the limits of reading."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from ml.arrays import Float32, UInt8
from ml.faces.face_pass import FaceSample
from ml.gaps import TURNED_AWAY
from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION
from ml.timeline import Observation

INPUTS: Final[Mapping[str, Callable[[FaceSample], UInt8]]] = {
    FACIAL_EXPRESSION: lambda face: face.crop,
    EYE_EMOTION: lambda face: face.strip,
}
"""Which cut of a face the network of each modality takes."""


class FaceClassifier(Protocol):
    """As :class:`ml.facial_expression.recognizer.Recognizer`."""

    labels: tuple[str, ...]

    def recognize(self, picture: UInt8) -> Float32: ...


def classify(modality: str, classifier: FaceClassifier, face: FaceSample) -> Observation | str:
    """The most probable label of one face in one frame. Instead a key of :mod:`ml.gaps`, if the picture is too poor
    (:mod:`ml.faces.quality`) or the head turned too far (:data:`ml.faces.head_pose.READABLE`) for the network."""
    if problem := face.quality.problem(modality):
        return problem
    if not face.pose.is_readable(modality):
        return TURNED_AWAY
    probabilities = classifier.recognize(INPUTS[modality](face)).tolist()
    return Observation.most_probable(face.start_s, face.end_s, classifier.labels, probabilities)
