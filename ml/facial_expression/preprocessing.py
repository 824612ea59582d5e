"""From a face crop to the network's input: the one function that training and serving share."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.inputs import InputSpec

SIZE: Final = 48
"""Side of the square face crop, in pixels (FER2013's own)."""

INPUT: Final = InputSpec((1, SIZE, SIZE, 1), "48x48 grey face framed as in FER2013, standardised over its own pixels")
"""The output of :func:`to_input`: mean 0 and standard deviation 1."""

# A crop without contrast (FER2013 has twelve) becomes all zero instead of amplified noise.
_MIN_STD: Final = 1.0


def to_inputs(crops: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Grey crops uint8 (n, 48, 48) to float32 (n, 48, 48, 1), each with mean 0 and deviation 1 over its own pixels.

    Standardising each crop by itself takes out exposure and contrast of the camera, which say nothing about the
    expression.
    """
    if crops.ndim != 3 or crops.shape[1:] != (SIZE, SIZE):
        raise ValueError(f"Face crops must have the shape (n, {SIZE}, {SIZE}), not {crops.shape}.")
    pixels: npt.NDArray[Any] = crops.astype(np.float32)
    mean = pixels.mean(axis=(1, 2), keepdims=True)
    deviation = np.maximum(pixels.std(axis=(1, 2), keepdims=True), _MIN_STD)
    return np.asarray((pixels - mean) / deviation, dtype=np.float32)[..., np.newaxis]


def to_input(crop: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """One crop uint8 (48, 48) to float32 (1, 48, 48, 1)."""
    return to_inputs(crop[np.newaxis])
