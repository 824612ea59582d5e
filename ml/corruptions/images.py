"""Image corruptions for faces and eyes. Each takes a grey picture uint8 (h, w) and a random generator and gives a
picture of the same size."""

import cv2
import numpy as np

from ml.arrays import UInt8


def darkened(image: UInt8, random: np.random.Generator, *, light: float) -> UInt8:
    """``light`` times as bright, with sensor noise of standard deviation 3 of 255 added afterwards."""
    return np.clip(image * light + random.normal(0, 3, image.shape), 0, 255).round().astype(np.uint8)


def low_light(image: UInt8, random: np.random.Generator) -> UInt8:
    """Augmentation by a dark room: gamma 0.6 to 1.7, light down to a twelfth, sensor noise of up to 4 of 255, and the
    rounding to whole numbers."""
    curve = 255 * (image / 255.0) ** random.uniform(0.6, 1.7)
    light = np.exp(random.uniform(np.log(1 / 12), 0.0))
    noise = random.normal(0, random.uniform(0.5, 4.0), image.shape)
    return np.asarray(np.clip(curve * light + noise, 0, 255).round(), dtype=np.uint8)


def one_sided(image: UInt8, random: np.random.Generator) -> UInt8:
    """Lit from the right or the left; brightness falls to a quarter on the other side."""
    fall = np.linspace(1.0, 0.25, image.shape[1])
    return (image * (fall if random.random() < 0.5 else fall[::-1])).round().astype(np.uint8)


def blurred(image: UInt8, random: np.random.Generator, *, sigma: float) -> UInt8:
    """Gaussian blur of standard deviation ``sigma`` pixels."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.uint8)


def compressed(image: UInt8, random: np.random.Generator, *, quality: int) -> UInt8:
    """Through JPEG of that quality (1 to 100)."""
    _, content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(content, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def coarse(image: UInt8, random: np.random.Generator, *, width: int) -> UInt8:
    """Low resolution: scaled down to ``width`` pixels and up again."""
    height, full = image.shape
    small = cv2.resize(image, (width, round(height * width / full)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (full, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def covered(image: UInt8, random: np.random.Generator, *, top: int, bottom: int, beside: int, grey: int) -> UInt8:
    """Occluded by a band of one grey, rows ``top`` to ``bottom``, that leaves ``beside`` columns on each side."""
    hidden = image.copy()
    hidden[top:bottom, beside:-beside] = grey
    return hidden


def moved(
    image: UInt8, random: np.random.Generator, *, degrees: float = 0.0, pixels: float = 0.0, margin: float = 1.0
) -> UInt8:
    """Another crop: rotated to either side, shifted in any direction, showing ``margin`` times as much."""
    height, width = image.shape
    turn = degrees if random.random() < 0.5 else -degrees
    direction = random.uniform(0, 2 * np.pi)
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), turn, 1 / margin)
    matrix[:, 2] = matrix[:, 2] + pixels * np.array([np.cos(direction), np.sin(direction)])
    cut = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, dtype=np.uint8)
