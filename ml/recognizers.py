"""The registry of recognisers: for each modality its labels, its inputs and how a version is loaded.

Importing this module loads the labels alone (standard library). A recogniser's package is imported when one is loaded
or its inputs are asked for.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ml.eye_emotion.labels import LABELS as EYE_EMOTIONS
from ml.eye_emotion.labels import NONE
from ml.eye_gaze.labels import LABELS as GAZE_AREAS
from ml.facial_expression.labels import LABELS as EXPRESSIONS
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION, SPEECH_EMOTION
from ml.speech_emotion.labels import LABELS as SPEECH_EMOTIONS

if TYPE_CHECKING:
    from ml.artifacts import Artifact
    from ml.inputs import InputSpec


@dataclass(frozen=True, slots=True)
class RecognizerSpec:
    """A recogniser is the class ``Recognizer`` of ``ml.<modality>.recognizer``.

    ``labels`` are in the order of the training data; a version's manifest may have another order, and may lack
    ``optional_labels``. ``is_network`` is false for a recogniser that is computed from parameters and neither trained
    nor uploaded.
    """

    modality: str
    labels: tuple[str, ...]
    is_network: bool = True
    optional_labels: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple["InputSpec", ...]:
        """The inputs that the recogniser can make, the usual one first; empty without a network."""
        found: tuple[InputSpec, ...] = self._class().inputs
        return found

    def load(self, artifact: "Artifact | None" = None) -> Any:
        """The recogniser of a version, by default of the one that ships. Raises
        :class:`ml.artifacts.ModelUnavailable`."""
        return self._class()(artifact)

    def _class(self) -> Any:
        return importlib.import_module(f"ml.{self.modality}.recognizer").Recognizer


RECOGNIZERS: Final[Mapping[str, RecognizerSpec]] = {
    spec.modality: spec
    for spec in (
        RecognizerSpec(FACIAL_EXPRESSION, EXPRESSIONS),
        RecognizerSpec(EYE_EMOTION, EYE_EMOTIONS, optional_labels=(NONE,)),
        RecognizerSpec(EYE_GAZE, GAZE_AREAS, is_network=False),
        RecognizerSpec(SPEECH_EMOTION, SPEECH_EMOTIONS),
    )
}
"""By modality, in the order of :data:`ml.modalities.MODALITIES`."""

NETWORKS: Final = tuple(spec.modality for spec in RECOGNIZERS.values() if spec.is_network)
"""The modalities whose recogniser is a network: they are trained, evaluated and uploaded."""
