"""The speech recogniser: probabilities of the emotions for one window of speech."""

from ml import artifacts
from ml.arrays import Float32, Samples
from ml.modalities import SPEECH_EMOTION
from ml.runtime import Network
from ml.speech_emotion.features.front_ends import LOG_MEL_INPUT, MEAN_MFCC_INPUT, front_end


class Recognizer:
    """Loads a version (the default unless given); raises :class:`ml.artifacts.ModelUnavailable`.

    A window has to begin ``lead_s`` seconds before its speech."""

    inputs = (MEAN_MFCC_INPUT, LOG_MEL_INPUT)

    def __init__(self, artifact: artifacts.Artifact | None = None) -> None:
        self.artifact = artifact or artifacts.find(SPEECH_EMOTION)
        self.labels = self.artifact.manifest.labels
        self._front_end = front_end(self.artifact.manifest.preprocessing)
        self.lead_s = self._front_end.lead_s
        self._network = Network(self.artifact)

    def recognize(self, samples: Samples) -> Float32:
        """Calibrated probabilities (8,) in the order of ``labels`` of a window (66150,) at 22,050 Hz.

        The speaker is at the reference level (:class:`ml.speech_emotion.features.level.SpeakerLevel`). Outputs without
        a label (the paper's network has two) are left out, and the rest is scaled to the sum 1."""
        row = self._network.predict(self._front_end.to_input(samples))[0][: len(self.labels)]
        probabilities: Float32 = row / row.sum()
        return probabilities
