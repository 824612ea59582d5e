"""The paper's face network (Figure 1), exactly, and the compact network that ships as the default."""

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


def compact_network() -> Any:
    """The uncompiled Keras model of ``compact-v1``: (n, 48, 48, 1) to softmax (n, 7), about 2.7 M parameters.

    A residual network (He et al. 2016) whose blocks weigh their channels by what the whole picture shows
    (squeeze-and-excitation, Hu et al. 2018). Only the first convolution sees all 48 x 48 pixels, because full
    resolution is what costs time; then 64, 128 and 256 channels at 24, 12 and 6 pixels: about 180 M multiply-adds.
    """
    k = keras()
    layers = k.layers

    def normalised(x: Any, filters: int, kernel: int, strides: int = 1) -> Any:
        x = layers.Conv2D(
            filters, kernel, strides=strides, padding="same", use_bias=False, kernel_initializer="he_normal"
        )(x)
        return layers.BatchNormalization(momentum=0.9)(x)

    def weighed(x: Any, filters: int) -> Any:
        weight = layers.GlobalAveragePooling2D(keepdims=True)(x)
        weight = layers.Conv2D(filters // 16, 1, activation="relu")(weight)
        return layers.Multiply()([x, layers.Conv2D(filters, 1, activation="sigmoid")(weight)])

    def block(x: Any, filters: int, strides: int) -> Any:
        shortcut = layers.AveragePooling2D(2)(x) if strides == 2 else x
        if x.shape[-1] != filters:
            shortcut = normalised(shortcut, filters, 1)
        x = layers.Activation("relu")(normalised(x, filters, 3, strides))
        x = weighed(normalised(x, filters, 3), filters)
        return layers.Activation("relu")(layers.Add()([x, shortcut]))

    face = k.Input((SIZE, SIZE, 1), name="face")
    x = layers.Activation("relu")(normalised(face, 32, 3))
    x = layers.MaxPooling2D(2)(x)
    for filters, strides in ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1)):
        x = block(x, filters, strides)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.3)(x)
    scores = layers.Dense(len(LABELS), activation="softmax", dtype="float32")(x)
    return k.Model(face, scores, name="facial_expression_compact")
