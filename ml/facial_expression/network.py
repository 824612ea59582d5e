"""The paper's face network (Figure 1), exactly."""

from typing import Any, Final

from ml.facial_expression.labels import LABELS
from ml.facial_expression.preprocessing import SIZE
from ml.training.backend import keras

PAPER_PARAMETERS: Final = 2_345_607


def paper_network() -> Any:
    """The uncompiled Keras model of the paper's Figure 1: (n, 48, 48, 1) to softmax (n, 7), 2,345,607 parameters.

    The paper names the rate of the first dropout (0.25); the second follows it, and the one behind the dense layer
    has the customary 0.5.
    """
    k = keras()
    layers = k.layers
    return k.Sequential(
        [
            k.Input((SIZE, SIZE, 1), name="face"),
            layers.Conv2D(32, 3, activation="relu"),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Conv2D(128, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(128, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(1024, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(len(LABELS), activation="softmax", dtype="float32"),
        ],
        name="facial_expression_paper",
    )
