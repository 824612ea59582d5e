"""From an eye strip to the network's input: the one function that training and serving share."""

from typing import Final

import numpy as np
import numpy.typing as npt

from ml.inputs import InputSpec

HEIGHT: Final = 40
WIDTH: Final = 96
"""Pixels of a strip, as :func:`ml.faces.alignment.eye_strip` cuts it."""

INPUT: Final = InputSpec(
    (1, HEIGHT, WIDTH, 1), "40x96 grey strip of both eyes and brows, upright, standardised over its own pixels"
)
"""The output of :func:`to_input`: mean 0 and standard deviation 1."""

# A strip without contrast becomes all zero instead of amplified noise.
_MIN_STD: Final = 1.0


def to_inputs(strips: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Grey strips uint8 (n, 40, 96) to float32 (n, 40, 96, 1), each with mean 0 and deviation 1 over its own pixels."""
    if strips.ndim != 3 or strips.shape[1:] != (HEIGHT, WIDTH):
        raise ValueError(f"Eye strips must have the shape (n, {HEIGHT}, {WIDTH}), not {strips.shape}.")
    pixels = strips.astype(np.float32)
    mean = pixels.mean(axis=(1, 2), keepdims=True)
    deviation = np.maximum(pixels.std(axis=(1, 2), keepdims=True), _MIN_STD)
    return np.asarray((pixels - mean) / deviation, dtype=np.float32)[..., np.newaxis]


def to_input(strip: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """One strip uint8 (40, 96) to float32 (1, 40, 96, 1)."""
    return to_inputs(strip[np.newaxis])
