"""How training varies a face: what another camera, another moment or a hand before the face would have made of it."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ml.facial_expression.preprocessing import SIZE

Pixels = npt.NDArray[np.uint8]

_CENTRE: Final = (SIZE - 1) / 2


def vary(image: Pixels, random: np.random.Generator) -> Pixels:
    """The same face as another camera might have framed it: mirrored, turned, scaled and shifted a little."""
    return _mirrored(_framed(image, random, degrees=10, zoom=0.1, pixels=3), random)


def vary_widely(image: Pixels, random: np.random.Generator) -> Pixels:
    """Framed more freely than :func:`vary`, sometimes coarser or noisy, and three times in ten with a part hidden."""
    varied = _mirrored(_framed(image, random, degrees=12, zoom=0.12, pixels=4), random)
    quality = random.random()
    if quality < 0.15:
        varied = _coarser(varied, random)
    elif quality < 0.25:
        varied = _noisy(varied, random)
    if random.random() < 0.3:
        varied = _hidden(varied, random)
    return varied


def _framed(image: Pixels, random: np.random.Generator, *, degrees: float, zoom: float, pixels: float) -> Pixels:
    angle, scale = random.uniform(-degrees, degrees), random.uniform(1 - zoom, 1 + zoom)
    matrix = cv2.getRotationMatrix2D((_CENTRE, _CENTRE), angle, scale)
    matrix[:, 2] = matrix[:, 2] + random.uniform(-pixels, pixels, size=2)
    framed = cv2.warpAffine(image, matrix, (SIZE, SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(framed, dtype=np.uint8)


def _mirrored(image: Pixels, random: np.random.Generator) -> Pixels:
    return np.ascontiguousarray(image[:, ::-1] if random.random() < 0.5 else image)


def _coarser(image: Pixels, random: np.random.Generator) -> Pixels:
    side = int(random.integers(SIZE // 3, SIZE))
    small = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _noisy(image: Pixels, random: np.random.Generator) -> Pixels:
    """A sensor's noise, of 5 to 25 % of the picture's own contrast."""
    noise = random.normal(0, random.uniform(0.05, 0.25) * max(1.0, float(image.std())), image.shape)
    return np.clip(image + noise, 0, 255).round().astype(np.uint8)


def _hidden(image: Pixels, random: np.random.Generator) -> Pixels:
    """A rectangle of 8 to 20 pixels a side filled with one random grey (random erasing, Zhong et al. 2020)."""
    height, width = random.integers(8, 21, size=2)
    top, left = random.integers(0, SIZE - height + 1), random.integers(0, SIZE - width + 1)
    hidden = image.copy()
    hidden[top : top + height, left : left + width] = random.integers(0, 256)
    return hidden
