"""Augmentation of face crops."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ml.facial_expression.preprocessing import SIZE

Pixels = npt.NDArray[np.uint8]

_CENTRE: Final = (SIZE - 1) / 2


def augment(image: Pixels, random: np.random.Generator) -> Pixels:
    """A crop uint8 (48, 48), at random mirrored, rotated, scaled and shifted a little."""
    return _mirrored(_affine(image, random, degrees=10, zoom=0.1, pixels=3), random)


def augment_strongly(image: Pixels, random: np.random.Generator) -> Pixels:
    """Like :func:`augment` with larger ranges, sometimes of lower resolution or noisy, three times in ten with random
    erasing."""
    out = _mirrored(_affine(image, random, degrees=12, zoom=0.12, pixels=4), random)
    quality = random.random()
    if quality < 0.15:
        out = _low_resolution(out, random)
    elif quality < 0.25:
        out = _noisy(out, random)
    if random.random() < 0.3:
        out = _erased(out, random)
    return out


def _affine(image: Pixels, random: np.random.Generator, *, degrees: float, zoom: float, pixels: float) -> Pixels:
    angle, scale = random.uniform(-degrees, degrees), random.uniform(1 - zoom, 1 + zoom)
    matrix = cv2.getRotationMatrix2D((_CENTRE, _CENTRE), angle, scale)
    matrix[:, 2] = matrix[:, 2] + random.uniform(-pixels, pixels, size=2)
    warped = cv2.warpAffine(image, matrix, (SIZE, SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, dtype=np.uint8)


def _mirrored(image: Pixels, random: np.random.Generator) -> Pixels:
    return np.ascontiguousarray(image[:, ::-1] if random.random() < 0.5 else image)


def _low_resolution(image: Pixels, random: np.random.Generator) -> Pixels:
    side = int(random.integers(SIZE // 3, SIZE))
    small = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _noisy(image: Pixels, random: np.random.Generator) -> Pixels:
    """Gaussian noise of 5 to 25 % of the picture's own standard deviation."""
    noise = random.normal(0, random.uniform(0.05, 0.25) * max(1.0, float(image.std())), image.shape)
    return np.clip(image + noise, 0, 255).round().astype(np.uint8)


def _erased(image: Pixels, random: np.random.Generator) -> Pixels:
    """A rectangle of 8 to 20 pixels a side filled with one random grey (random erasing, Zhong et al. 2020)."""
    height, width = random.integers(8, 21, size=2)
    top, left = random.integers(0, SIZE - height + 1), random.integers(0, SIZE - width + 1)
    erased = image.copy()
    erased[top : top + height, left : left + width] = random.integers(0, 256)
    return erased
