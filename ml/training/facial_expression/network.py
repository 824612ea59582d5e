"""The networks of facial expression: the paper's (Figure 1), the compact one, and their ensemble."""

from collections.abc import Sequence
from typing import Any, Final

from ml.facial_expression.labels import LABELS
from ml.facial_expression.preprocessing import SIZE
from ml.training.backend import keras

PAPER_PARAMETERS: Final = 2_345_607
_EPSILON: Final = 1e-6  # keeps the logarithm finite


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


def compact_network(*, batch_norm: bool = True) -> Any:
    """The uncompiled Keras model that ``compact-v1`` trains: (n, 48, 48, 1) to softmax (n, 7), about 1.8 M parameters.

    Convolutions with batch normalisation (64, 128 and 256 channels at 24, 12 and 6 pixels); the last two stages end in
    squeeze-and-excitation (Hu et al. 2018). Only the first, narrow convolution runs at 48 x 48 pixels, because full
    resolution costs most: about 110 M multiply-adds in all. Without ``batch_norm`` the convolutions have biases, as
    they do once batch normalisation is folded into them.
    """
    k = keras()
    layers = k.layers

    def convolved(x: Any, filters: int, strides: int = 1) -> Any:
        convolution = layers.Conv2D(
            filters, 3, strides=strides, padding="same", use_bias=not batch_norm, kernel_initializer="he_normal"
        )
        x = convolution(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x) if batch_norm else x)

    def squeeze_and_excite(x: Any) -> Any:
        filters = x.shape[-1]
        weight = layers.GlobalAveragePooling2D(keepdims=True)(x)
        weight = layers.Conv2D(filters // 8, 1, activation="relu")(weight)
        return layers.Multiply()([x, layers.Conv2D(filters, 1, activation="sigmoid")(weight)])

    face = k.Input((SIZE, SIZE, 1), name="face")
    x = layers.Conv2D(32, 3, padding="same", activation="relu", kernel_initializer="he_normal")(face)
    x = convolved(convolved(x, 64, strides=2), 64)
    for filters, depth in ((128, 2), (256, 3)):
        x = layers.MaxPooling2D(2)(x)
        for _ in range(depth):
            x = convolved(x, filters)
        x = squeeze_and_excite(x)
    x = layers.Dropout(0.4)(layers.GlobalAveragePooling2D()(x))
    scores = layers.Dense(len(LABELS), activation="softmax", dtype="float32")(x)
    return k.Model(face, scores, name="facial_expression_compact")


def ensemble(members: Sequence[tuple[Any, float]]) -> Any:
    """One Keras model of several with weights: their weighted geometric mean, (n, 48, 48, 1) to softmax (n, 7).

    Networks of different architecture make different errors (Hansen and Salamon 1990).
    """
    k = keras()
    face = k.Input((SIZE, SIZE, 1), name="face")
    scores = [weight * k.ops.log(member(face) + _EPSILON) for member, weight in members]
    return k.Model(face, k.layers.Softmax()(sum(scores[1:], scores[0])), name="facial_expression_ensemble")
