"""Augmentation of eye strips."""

import cv2
import numpy as np

from ml.eye_emotion.preprocessing import HEIGHT, WIDTH
from ml.training.datasets.eye_strips import Pixels


def augment(strip: Pixels, random: np.random.Generator) -> Pixels:
    """A strip uint8 (40, 96), at random mirrored, scaled, rotated, shifted, of lower resolution, blurred, and with
    another gamma."""
    scale, angle = random.uniform(0.9, 1.1), random.uniform(-5, 5)
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), angle, scale)
    matrix[:, 2] = matrix[:, 2] + random.uniform((-5, -3), (5, 3))
    out = cv2.warpAffine(strip, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if random.random() < 0.5:
        out = out[:, ::-1]
    if random.random() < 0.3:
        shrink = random.uniform(0.3, 0.8)
        small = cv2.resize(out, (round(WIDTH * shrink), round(HEIGHT * shrink)), interpolation=cv2.INTER_AREA)
        out = cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
    if random.random() < 0.2:
        out = cv2.GaussianBlur(np.ascontiguousarray(out), (0, 0), random.uniform(0.4, 1.2))
    # Standardisation removes brightness and contrast, but not a gamma curve.
    curve = 255 * (np.arange(256) / 255) ** random.uniform(0.7, 1.4)
    return np.asarray(cv2.LUT(np.ascontiguousarray(out), curve.astype(np.uint8)), dtype=np.uint8)
