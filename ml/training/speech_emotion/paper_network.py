"""The paper's speech network (Figure 3), exactly."""

from typing import Any, Final

from ml.speech_emotion.features.mfcc import FRAMES
from ml.training.backend import keras

PAPER_PARAMETERS: Final = 528_266
PAPER_OUTPUTS: Final = 10
"""The paper's last layer has ten units for seven or eight emotions; ours uses the first eight, as RAVDESS counts."""


def paper_network() -> Any:
    """The uncompiled Keras model of the paper's Figure 3: (n, 216, 1) to softmax (n, 10), 528,266 parameters.

    Kernel 5, padding "same" and the pooling of 8 follow from the shapes and counts of the figure; it does not name
    the dropout rates, for which the public reference has 0.1 and 0.2.
    """
    k = keras()
    layers = k.layers

    def convolution(filters: int) -> list[Any]:
        return [layers.Conv1D(filters, 5, padding="same"), layers.Activation("relu")]

    return k.Sequential(
        [
            k.Input((FRAMES, 1), name="mfcc_means"),
            *convolution(256),
            *convolution(128),
            layers.Dropout(0.1),
            layers.MaxPooling1D(8),
            *convolution(128),
            *convolution(128),
            *convolution(128),
            layers.Dropout(0.2),
            *convolution(128),
            layers.Flatten(),
            layers.Dense(PAPER_OUTPUTS),
            layers.Activation("softmax"),
        ],
        name="speech_emotion_paper",
    )
