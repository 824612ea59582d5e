"""The compact network that ships, and the head of the paper's network (Figure 2)."""

from typing import Any, Final

from ml.eye_emotion.labels import EMOTIONS, LABELS
from ml.eye_emotion.preprocessing import HEIGHT, WIDTH
from ml.training.backend import keras

PAPER_FEATURES: Final = 4096
PAPER_HEAD_PARAMETERS: Final = 5_823_446


def compact_network() -> Any:
    """The uncompiled Keras model of ``compact-v2``: (n, 40, 96, 1) to softmax (n, 7), about 0.7 M parameters.

    A small residual network: three stages that halve the strip and widen it to 48, 96 and 192 channels.
    """
    k = keras()
    layers = k.layers

    def normalised(x: Any, filters: int, kernel: int, strides: int = 1) -> Any:
        x = layers.Conv2D(filters, kernel, strides=strides, padding="same", use_bias=False)(x)
        return layers.BatchNormalization(momentum=0.95)(x)

    def stage(x: Any, filters: int) -> Any:
        shortcut = normalised(x, filters, 1, 2)
        x = layers.Activation("relu")(normalised(x, filters, 3, 2))
        x = normalised(x, filters, 3)
        return layers.Activation("relu")(layers.Add()([x, shortcut]))

    strip = k.Input((HEIGHT, WIDTH, 1), name="strip")
    x = layers.Activation("relu")(normalised(strip, 32, 5, 2))
    for filters in (48, 96, 192):
        x = stage(x, filters)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.4)(x)
    return k.Model(strip, layers.Dense(len(LABELS), activation="softmax")(x), name="eye_emotion_compact")


def paper_head() -> Any:
    """The uncompiled Keras model of the paper's Figure 2: features (n, 4096) to softmax (n, 6), 5,823,446 parameters.

    The paper names neither the activations nor the rate of the dropout; ReLU and 0.5 are customary.
    """
    k = keras()
    layers = k.layers
    return k.Sequential(
        [
            k.Input((PAPER_FEATURES,), name="features"),
            layers.Dense(1020, activation="relu"),
            layers.Dense(900, activation="relu"),
            layers.Dense(800, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(len(EMOTIONS), activation="softmax"),
        ],
        name="eye_emotion_paper_head",
    )
