"""Augmentation of eye strips: other crops, and what cameras, calls and glasses do to eyes."""

from typing import Final

import cv2
import numpy as np

from ml.corruptions import images
from ml.eye_emotion.preprocessing import HEIGHT, WIDTH
from ml.faces.alignment import STRIP_LINE
from ml.training.datasets.eye_strips import Pixels

GLASSES_SHARE: Final = 0.15
CORRUPTED_SHARE: Final = 0.55

# The outer corners of the eyes lie at columns 12 and 84, pupils about 15 columns inside of them.
_PUPILS: Final = (27.5, 68.5)


def augment(strip: Pixels, random: np.random.Generator) -> Pixels:
    """A strip uint8 (40, 96), at random behind drawn glasses, mirrored, scaled, rotated and shifted, and in more than
    half of the cases corrupted."""
    out = _behind_glasses(strip, random) if random.random() < GLASSES_SHARE else strip
    out = _another_crop(out, random)
    return _corrupted(out, random) if random.random() < CORRUPTED_SHARE else out


def _another_crop(strip: Pixels, random: np.random.Generator) -> Pixels:
    scale, angle = random.uniform(0.9, 1.1), random.uniform(-6, 6)
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), angle, scale)
    matrix[:, 2] = matrix[:, 2] + random.uniform((-6, -4), (6, 4))
    out = cv2.warpAffine(strip, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(out[:, ::-1] if random.random() < 0.5 else out, dtype=np.uint8)


def _corrupted(strip: Pixels, random: np.random.Generator) -> Pixels:
    """One or more corruptions, in the order in which they happen: the light, the lens, the sensor, the call."""
    out = strip
    if random.random() < 0.2:
        out = _side_light(out, random)
    if random.random() < 0.25:
        out = images.blurred(out, random, sigma=random.uniform(0.4, 2.2))
    if random.random() < 0.35:
        out = images.coarse(out, random, width=int(random.integers(16, 72)))
    if random.random() < 0.35:
        out = images.low_light(out, random)
    if random.random() < 0.25:
        out = images.compressed(out, random, quality=int(random.integers(8, 60)))
    return out


def _side_light(strip: Pixels, random: np.random.Generator) -> Pixels:
    """Brightness falls to 15 to 70 % towards one side."""
    fall = np.linspace(1.0, random.uniform(0.15, 0.7), WIDTH)
    return (strip * (fall if random.random() < 0.5 else fall[::-1])).round().astype(np.uint8)


def _behind_glasses(strip: Pixels, random: np.random.Generator) -> Pixels:
    """Two lenses with a rim of one grey and a bridge, the glass a little darker, sometimes with a reflection."""
    out = strip.astype(np.float32)
    grey = float(random.integers(0, 110) if random.random() < 0.8 else random.integers(150, 230))
    thickness = int(random.integers(1, 5))
    half = random.uniform(13, 19), random.uniform(8, 15)
    line = STRIP_LINE + random.uniform(-1, 5)
    centres = [(column + random.uniform(-2, 2), line) for column in _PUPILS]
    rim, glass = np.zeros(strip.shape, np.uint8), np.zeros(strip.shape, np.uint8)
    for centre in centres:
        _lens(glass, centre, half, -1, square=half[1] < 11)
        _lens(rim, centre, half, thickness, square=half[1] < 11)
    left, right = centres[0][0] + half[0], centres[1][0] - half[0]
    cv2.line(rim, (round(left), round(line - 3)), (round(right), round(line - 3)), 1, thickness)
    out *= 1 - glass * random.uniform(0, 0.25)
    if random.random() < 0.3:
        spot, place = np.zeros(strip.shape, np.uint8), centres[int(random.integers(2))]
        size = (random.uniform(4, 14), random.uniform(2, 7))
        offset = random.uniform(-6, 6, size=2)
        cv2.ellipse(spot, ((place[0] + offset[0], place[1] + offset[1]), size, random.uniform(0, 180)), 1, -1)
        out += spot * random.uniform(40, 140)
    return np.where(rim == 1, grey, np.clip(out, 0, 255)).round().astype(np.uint8)


def _lens(
    canvas: Pixels, centre: tuple[float, float], half: tuple[float, float], thickness: int, *, square: bool
) -> None:
    (x, y), (width, height) = centre, half
    if square:
        cv2.rectangle(
            canvas, (round(x - width), round(y - height)), (round(x + width), round(y + height)), 1, thickness
        )
    else:
        cv2.ellipse(canvas, (round(x), round(y)), (round(width), round(height)), 0, 0, 360, 1, thickness)
