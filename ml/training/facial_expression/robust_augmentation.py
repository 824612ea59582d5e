"""Augmentation of face crops by what cameras, calls and people do to faces: low light, side light, blur, compression,
low resolution, covered mouths and eyes, turned heads."""

from typing import Final

import cv2
import numpy as np

from ml.corruptions import images
from ml.facial_expression.preprocessing import SIZE
from ml.training.facial_expression.augmentation import Pixels, augment
from ml.training.facial_expression.synthetic_turns import turned

TURNED_SHARE: Final = 0.15
CORRUPTED_SHARE: Final = 0.55
"""Shares of the crops; of the corrupted ones each corruption meets the share in :func:`_corrupted`."""


def augment_robustly(image: Pixels, random: np.random.Generator) -> Pixels:
    """A crop uint8 (48, 48), mirrored, rotated, scaled and shifted (:func:`augment`), sometimes of a turned head, in
    more than half of the cases corrupted."""
    out = augment(turned(image, random) if random.random() < TURNED_SHARE else image, random)
    return _corrupted(out, random) if random.random() < CORRUPTED_SHARE else out


def _corrupted(image: Pixels, random: np.random.Generator) -> Pixels:
    """One or more corruptions, in the order in which they happen: the face, the light, the lens, the sensor, the
    call."""
    out = image
    if random.random() < 0.2:
        out = _covered(out, random)
    if random.random() < 0.15:
        out = _side_light(out, random)
    if random.random() < 0.3:
        out = images.blurred(out, random, sigma=random.uniform(0.5, 2.3))
    if random.random() < 0.25:
        out = images.coarse(out, random, width=int(random.integers(12, 40)))
    if random.random() < 0.35:
        out = images.low_light(out, random)
    if random.random() < 0.3:
        out = images.compressed(out, random, quality=int(random.integers(8, 60)))
    return out


def _side_light(image: Pixels, random: np.random.Generator) -> Pixels:
    """Brightness falls to 15 to 70 % across the face, in any direction."""
    angle = random.uniform(0, 2 * np.pi)
    rows, columns = np.mgrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j]
    along = (columns * np.cos(angle) + rows * np.sin(angle)) / (abs(np.cos(angle)) + abs(np.sin(angle)))
    darkest = random.uniform(0.15, 0.7)
    return np.asarray((image * (darkest + (1 - darkest) * (along + 1) / 2)).round(), dtype=np.uint8)


def _covered(image: Pixels, random: np.random.Generator) -> Pixels:
    """A band or an ellipse of one grey with a little texture over the mouth or the eyes."""
    over_mouth = random.random() < 0.5
    row = SIZE * ((0.76 if over_mouth else 0.39) + random.uniform(-0.05, 0.05))
    size = SIZE * random.uniform(0.25, 0.45), SIZE * random.uniform(0.08, 0.2)
    mask = np.zeros(image.shape, dtype=np.uint8)
    if random.random() < 0.5:
        top, bottom = round(row - size[1] / 1.5), round(row + size[1] / 1.5)
        mask[max(0, top) : bottom, round(SIZE / 2 - size[0]) : round(SIZE / 2 + size[0])] = 1
    else:
        centre = (SIZE / 2 + random.uniform(-4, 4), row)
        cv2.ellipse(mask, (centre, (2 * size[0], 2 * size[1]), random.uniform(-25, 25)), 1, -1)
    texture = random.integers(0, 256) + random.normal(0, random.uniform(0, 12), image.shape)
    return np.where(mask == 1, np.clip(texture, 0, 255), image).round().astype(np.uint8)
