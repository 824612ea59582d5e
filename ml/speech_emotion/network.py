"""The paper's speech network (Figure 3), exactly, and the compact networks that ship."""

from typing import Any, Final

from ml.speech_emotion import log_mel, log_mel_functionals
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.preprocessing import FRAMES
from ml.training.backend import keras

PAPER_PARAMETERS: Final = 528_266
PAPER_OUTPUTS: Final = 10
"""The paper's last layer has ten units for seven or eight emotions; ours uses the first eight, as RAVDESS counts."""

LEAST_PROBABILITY: Final = 1e-6
"""What a probability is at least before its logarithm is averaged."""

FARTHEST: Final = 5.0
"""Deviations from the mean beyond which a number counts as this far: one odd measurement does not decide."""


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


def compact_network() -> Any:
    """The uncompiled Keras model of ``compact-v1``: (n, 129, 80, 1) to softmax (n, 8), about 0.6 M parameters.

    Residual blocks with squeeze-and-excitation over the log-mel picture; then four attentions over time, each of which
    picks its own moments, so that silence and short words do not water down what was heard.
    """
    k = keras()
    layers = k.layers

    def normalised(x: Any, filters: int, kernel: int, strides: int = 1) -> Any:
        x = layers.Conv2D(filters, kernel, strides=strides, padding="same", use_bias=False)(x)
        return layers.BatchNormalization(momentum=0.9)(x)

    def block(x: Any, filters: int, strides: int) -> Any:
        y = layers.Activation("relu")(normalised(x, filters, 3, strides))
        y = normalised(y, filters, 3)
        weight = layers.GlobalAveragePooling2D(keepdims=True)(y)
        weight = layers.Dense(filters // 4, activation="relu")(weight)
        y = layers.Multiply()([y, layers.Dense(filters, activation="sigmoid")(weight)])
        if strides > 1:
            x = layers.AveragePooling2D(strides, padding="same")(x)
        if x.shape[-1] != filters:
            x = normalised(x, filters, 1)
        return layers.Activation("relu")(layers.Add()([x, y]))

    picture = k.Input(log_mel.INPUT_SHAPE[1:], name="log_mel")
    x = layers.Activation("relu")(normalised(picture, 24, 5, 2))
    for filters, strides in ((32, 2), (64, 2), (96, 2), (128, 1)):
        x = block(x, filters, strides)
    x = layers.Reshape((x.shape[1], x.shape[2] * x.shape[3]))(x)
    x = layers.Dense(160, use_bias=False)(x)
    x = layers.Activation("relu")(layers.BatchNormalization(momentum=0.9)(x))
    attention = layers.Softmax(axis=1)(layers.Dense(4)(x))
    x = layers.Flatten()(layers.Dot(axes=1)([attention, x]))
    x = layers.Dropout(0.5)(x)
    return k.Model(picture, layers.Dense(len(LABELS), activation="softmax", dtype="float32")(x), name="speech_emotion")


def functionals_network() -> Any:
    """The uncompiled Keras model that ``compact-v2`` adds: (n, 133, 80, 1) to softmax (n, 8), about 0.2 M parameters.

    It reads the numbers below the picture alone. Batch normalisation without scale is what standardises them, so that
    nothing has to be learnt about the clips outside the network; noise and dropout are heard in training only.
    """
    k = keras()
    layers = k.layers
    heard = k.Input(log_mel_functionals.INPUT_SHAPE[1:], name="log_mel_functionals")
    x = layers.Flatten()(layers.Cropping2D(((log_mel.FRAMES, 0), (0, 0)))(heard))
    x = layers.BatchNormalization(center=False, scale=False, momentum=0.98, epsilon=1e-6)(x)
    x = k.ops.clip(x, -FARTHEST, FARTHEST)
    x = layers.Dropout(0.2)(layers.GaussianNoise(0.3)(x))
    x = layers.BatchNormalization(momentum=0.9)(layers.Dense(512, use_bias=False)(x))
    x = layers.Dropout(0.5)(layers.Activation("relu")(x))
    return k.Model(heard, layers.Dense(len(LABELS), activation="softmax")(x), name="speech_emotion_functionals")


def together(numbers: Any, pictures: Any, *, weight: float) -> Any:
    """One model of two: (n, 133, 80, 1) to the weighted geometric mean (n, 8) of what ``numbers``, a model of the whole
    input, and ``pictures``, one of its first rows, say; ``weight`` is the share of the latter."""
    k = keras()
    heard = k.Input(log_mel_functionals.INPUT_SHAPE[1:], name="log_mel_functionals")
    picture = k.layers.Cropping2D(((0, log_mel_functionals.NUMBER_ROWS), (0, 0)))(heard)
    shares = ((numbers(heard), 1 - weight), (pictures(picture), weight))
    scores = [share * k.ops.log(said + LEAST_PROBABILITY) for said, share in shares]
    return k.Model(heard, k.layers.Softmax()(scores[0] + scores[1]), name="speech_emotion_together")
