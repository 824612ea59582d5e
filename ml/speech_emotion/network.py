"""The paper's speech network (Figure 3), exactly, and the compact networks that ship."""

from collections.abc import Sequence
from typing import Any, Final

from ml.speech_emotion import contours, log_mel, voice_window
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.preprocessing import FRAMES
from ml.speech_emotion.shares import LEAST_PROBABILITY
from ml.training.backend import keras

PAPER_PARAMETERS: Final = 528_266
PAPER_OUTPUTS: Final = 10
"""The paper's last layer has ten units for seven or eight emotions; ours uses the first eight, as RAVDESS counts."""

LEAST_VARIANCE: Final = 1e-4
"""What is added to a variance before its root is taken, so that a course that does not move has a slope."""

MANNER: Final = 2
"""Outputs of the networks on pictures beyond the emotions: how strongly and in what words these were acted. They are
trained beside them, because what else a sound says has to be known to tell an emotion from it, and then not used."""

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


def picture_network() -> Any:
    """The uncompiled Keras model that sees pictures: (n, 129, 80, 1) to (n, 10), the softmax of 8 emotions and their
    manner; about 0.6 M parameters.

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
    x = layers.Dropout(0.5)(_attended(x))
    return k.Model(picture, _emotion_and_manner(x), name="pictures")


def contour_network(name: str = "contours") -> Any:
    """The uncompiled Keras model that sees pictures with contours: (n, 138, 80, 1) to (n, 10), the softmax of 8
    emotions and their manner; about 0.6 M parameters.

    Convolutions over time alone, for which the mel bands are channels: beside the network on pictures, which looks for
    the same shape wherever it stands, it knows every band by itself, and hears pitch and voicing beside them.
    """
    k = keras()
    layers = k.layers

    def over_time(x: Any, filters: int, kernel: int, strides: int = 1) -> Any:
        y = layers.Conv1D(filters, kernel, strides=strides, padding="same", use_bias=False)(x)
        y = layers.Activation("relu")(layers.BatchNormalization(momentum=0.9)(y))
        y = layers.Dropout(0.1)(y)
        return layers.Add()([x, y]) if strides == 1 and x.shape[-1] == filters else y

    heard = k.Input((voice_window.PICTURE_AND_CONTOURS.stop, log_mel.MELS, 1), name="picture_and_contours")
    picture = layers.Reshape((log_mel.FRAMES, log_mel.MELS))(heard[:, : log_mel.FRAMES])
    numbers = layers.Flatten()(heard[:, log_mel.FRAMES :])[:, : contours.COLUMNS * log_mel.FRAMES]
    courses = layers.Permute((2, 1))(layers.Reshape((contours.COLUMNS, log_mel.FRAMES))(numbers))
    early = over_time(picture, 96, 5, strides=2)
    x = layers.Concatenate()([early, over_time(courses, 32, 5, strides=2)])
    x = over_time(x, 96, 3)
    x = over_time(x, 96, 5)
    x = over_time(x, 144, 5, strides=2)
    x = over_time(x, 144, 5)
    x = over_time(x, 144, 5)
    x = layers.Concatenate()([x, layers.AveragePooling1D(2, padding="same")(early)])
    x = layers.Dense(160, use_bias=False)(x)
    x = layers.Activation("relu")(layers.BatchNormalization(momentum=0.9)(x))
    spread = k.ops.sqrt(k.ops.var(x, axis=1) + LEAST_VARIANCE)
    x = layers.Dropout(0.5)(layers.Concatenate()([_attended(x), spread]))
    return k.Model(heard, _emotion_and_manner(x), name=name)


def number_network() -> Any:
    """The uncompiled Keras model that sees numbers: (n, 4, 80, 1) to softmax (n, 8), about 0.2 M parameters.

    Batch normalisation without scale is what standardises them, so that nothing has to be learnt about the clips
    outside the network; noise and dropout are heard in training only.
    """
    k = keras()
    layers = k.layers
    rows = voice_window.NUMBERS
    heard = k.Input((rows.stop - rows.start, log_mel.MELS, 1), name="numbers")
    x = layers.Flatten()(heard)
    x = layers.BatchNormalization(center=False, scale=False, momentum=0.98, epsilon=1e-6)(x)
    x = k.ops.clip(x, -FARTHEST, FARTHEST)
    x = layers.Dropout(0.2)(layers.GaussianNoise(0.3)(x))
    x = layers.BatchNormalization(momentum=0.9)(layers.Dense(512, use_bias=False)(x))
    x = layers.Dropout(0.5)(layers.Activation("relu")(x))
    return k.Model(heard, layers.Dense(len(LABELS), activation="softmax")(x), name="numbers")


def together(parts: Sequence[tuple[Any, slice, float]]) -> Any:
    """One model (n, 168, 80, 1) to (n, 8) of several, each with the rows of the input that it sees and its share: what
    they say together, as :func:`ml.speech_emotion.shares.mixed` has it."""
    k = keras()
    heard = k.Input(voice_window.INPUT_SHAPE[1:], name="voice_window")
    said = [
        k.ops.log(part(heard[:, rows])[:, : len(LABELS)] + LEAST_PROBABILITY) * share for part, rows, share in parts
    ]
    return k.Model(heard, k.layers.Softmax()(sum(said[1:], said[0])), name="speech_emotion")


def _attended(x: Any) -> Any:
    """What four attentions over time, each of which picks its own moments, find in (n, time, k): (n, 4 * k)."""
    layers = keras().layers
    attention = layers.Softmax(axis=1)(layers.Dense(4)(x))
    return layers.Flatten()(layers.Dot(axes=1)([attention, x]))


def _emotion_and_manner(x: Any) -> Any:
    layers = keras().layers
    return layers.Concatenate()([layers.Dense(len(LABELS), activation="softmax")(x), layers.Dense(MANNER)(x)])
