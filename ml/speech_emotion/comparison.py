"""A network that compares a window's numbers with those of every clip it knows: kernel ridge regression.

It is not trained but solved: for each section of numbers how near two windows are (a Gaussian of their distance), the
mean over the sections as the kernel, and the answers that fit the known clips best (Saunders et al. 1998). Numbers
that differ more between emotions than within them count for more. What results is an ordinary Keras network.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion import descriptors, functionals
from ml.speech_emotion.dataset import Floats, Indices
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.log_mel import MELS
from ml.speech_emotion.network import FARTHEST
from ml.speech_emotion.voice_window import DESCRIPTORS, NUMBERS
from ml.training.backend import keras

_DESCRIPTORS_AT: Final = (DESCRIPTORS.start - NUMBERS.start) * MELS

SECTIONS: Final = (
    slice(0, functionals.COUNT),
    *(slice(_DESCRIPTORS_AT + part.start, _DESCRIPTORS_AT + part.stop) for part in descriptors.SECTIONS),
)
"""Where the sections of numbers lie in the rows that the network sees, laid end to end."""

SHARPNESS: Final = 0.7
"""Of the Gaussian, whose width is that of a section: numbers that are standardised and weighted differ by 2 a piece."""

RIDGE: Final = 0.01
TELLING: Final = 0.75
"""The power of its F statistic by which a number counts."""

CONFIDENCE: Final = 4.0
"""What fitted answers, about 0 to 1, are multiplied by to be logits."""

_LEAST_VARIANCE: Final = 1e-6

Doubles = npt.NDArray[np.float64]


def solved(rows: Floats, truth: Indices) -> Any:
    """The Keras model, rows (n, 30, 80, 1) to softmax (n, 8), that knows the clips of these rows and class indices."""
    flat = rows.reshape(len(rows), -1)
    weights: dict[str, list[Doubles]] = {}
    kernel = np.zeros((len(flat), len(flat)))
    for number, section in enumerate(SECTIONS):
        numbers = flat[:, section].astype(np.float64)
        mean, variance = numbers.mean(axis=0), numbers.var(axis=0)
        standard = np.clip((numbers - mean) / np.sqrt(variance + _LEAST_VARIANCE), -FARTHEST, FARTHEST)
        counts = SHARPNESS * _telling(standard, truth)
        size = standard**2 @ counts
        towards = 2 * (standard * counts).T
        kernel += np.exp(standard @ towards - size - size[:, np.newaxis]) / len(SECTIONS)
        weights[f"standard_{number}"] = [mean, variance]
        weights[f"size_{number}"] = [counts[:, np.newaxis]]
        weights[f"towards_{number}"] = [towards, -size]
    wanted = np.eye(len(LABELS))[truth] - 1 / len(LABELS)
    answer = np.asarray(np.linalg.solve(kernel + RIDGE * np.eye(len(flat)), wanted), dtype=np.float64)
    weights["answer"] = [CONFIDENCE * answer]
    model = _network(rows.shape[1:], len(flat))
    for layer, values in weights.items():
        model.get_layer(layer).set_weights(values)
    return model


def _telling(standard: Doubles, truth: Indices) -> Doubles:
    """How much each number counts, (k,), in sum 1: a power of the F statistic of an analysis of variance."""
    groups = [standard[truth == label] for label in range(len(LABELS))]
    between = sum(len(group) * group.mean(axis=0) ** 2 for group in groups) / (len(groups) - 1)
    within = sum(len(group) * group.var(axis=0) for group in groups) / (len(standard) - len(groups))
    power = (between / (within + _LEAST_VARIANCE)) ** TELLING
    return np.asarray(power / power.sum())


def _network(shape: tuple[int, ...], known: int) -> Any:
    """In layers that every runtime has: a squared distance is two sizes less twice a product."""
    k = keras()
    layers = k.layers
    seen = k.Input(shape, name="numbers_and_descriptors")
    flat = layers.Flatten()(seen)
    near = []
    for number, section in enumerate(SECTIONS):
        standard = layers.BatchNormalization(
            center=False, scale=False, epsilon=_LEAST_VARIANCE, name=f"standard_{number}"
        )
        x = k.ops.clip(standard(flat[:, section]), -FARTHEST, FARTHEST)
        size = layers.Dense(1, use_bias=False, name=f"size_{number}")(x * x)
        near.append(k.ops.exp(layers.Dense(known, name=f"towards_{number}")(x) - size))
    nearness = sum(near[1:], near[0]) / len(near)
    x = layers.Dense(len(LABELS), use_bias=False, activation="softmax", name="answer")(nearness)
    return k.Model(seen, x, name="comparison")
