"""Eye emotion of one strip of both eyes, on LiteRT."""

import numpy as np
from numpy.typing import NDArray

from ml import artifacts
from ml.eye_emotion.preprocessing import INPUT, to_input
from ml.modalities import EYE_EMOTION
from ml.runtime import Network


class Recognizer:
    """Loads a version (the default unless given); raises :class:`ml.artifacts.ModelUnavailable`."""

    inputs = (INPUT,)

    def __init__(self, artifact: artifacts.Artifact | None = None) -> None:
        self.artifact = artifact or artifacts.find(EYE_EMOTION)
        manifest = self.artifact.manifest
        if tuple(manifest.input["shape"]) != INPUT.shape:
            raise artifacts.ModelUnavailable(
                f"Version '{manifest.version}' of eye_emotion reads {manifest.input['description']}, not the strips of "
                "a recording: it is for measuring beside the paper, with evaluate_model."
            )
        self.labels = manifest.labels
        self._network = Network(self.artifact)

    def recognize(self, strip: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Calibrated probabilities (6,) in the order of ``labels`` for a uint8 (40, 96) strip of
        :func:`ml.faces.alignment.eye_strip`."""
        row: NDArray[np.float32] = self._network.predict(to_input(strip))[0]
        return row
