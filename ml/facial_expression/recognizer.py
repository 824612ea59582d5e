"""Facial expression of one aligned face crop, on LiteRT."""

import numpy as np
from numpy.typing import NDArray

from ml import artifacts
from ml.facial_expression.preprocessing import INPUT, to_input
from ml.modalities import FACIAL_EXPRESSION
from ml.runtime import Network


class Recognizer:
    """Loads a version (the default unless given); raises :class:`ml.artifacts.ModelUnavailable`."""

    inputs = (INPUT,)

    def __init__(self, artifact: artifacts.Artifact | None = None) -> None:
        self.artifact = artifact or artifacts.find(FACIAL_EXPRESSION)
        self.labels = self.artifact.manifest.labels
        self._network = Network(self.artifact)

    def recognize(self, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Calibrated probabilities (7,) in the order of ``labels`` for a uint8 (48, 48) crop of
        :func:`ml.faces.alignment.face_crop`."""
        row: NDArray[np.float32] = self._network.predict(to_input(crop))[0]
        return row
