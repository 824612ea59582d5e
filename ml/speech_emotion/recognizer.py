"""The speech recogniser: probabilities of the emotions for one window of speech."""

import numpy as np
from numpy.typing import NDArray

from ml import artifacts
from ml.modalities import SPEECH_EMOTION
from ml.runtime import Network
from ml.speech_emotion.features.front_ends import LOG_MEL_INPUT, MEAN_MFCC_INPUT, front_end

Samples = NDArray[np.float32]


class Recognizer:
    """Loads a version (the default unless given); raises :class:`ml.artifacts.ModelUnavailable`.

    ``lead_s`` is how many seconds of sound before the speech a window has to contain."""

    inputs = (MEAN_MFCC_INPUT, LOG_MEL_INPUT)

    def __init__(self, artifact: artifacts.Artifact | None = None) -> None:
        self.artifact = artifact or artifacts.find(SPEECH_EMOTION)
        self.labels = self.artifact.manifest.labels
        self._front_end = front_end(self.artifact.manifest.preprocessing)
        self.lead_s = self._front_end.lead_s
        self._network = Network(self.artifact)

    def recognize(self, samples: Samples) -> Samples:
        """Calibrated probabilities (8,) in the order of ``labels`` for three seconds of speech: float32 (66150,) at
        22,050 Hz, of a speaker at their usual level (``features.level.SpeakerLevel``). Outputs that have
        no label (the paper's network has two) are left out of the sum."""
        row = self._network.predict(self._front_end.to_input(samples))[0][: len(self.labels)]
        probabilities: Samples = row / row.sum()
        return probabilities
