"""The portrait of the demonstration: a NASA photograph in the public domain.

Eileen Collins, astronaut (https://flic.kr/p/r9qvLn, no known copyright restrictions), in the 512 x 512 crop that
scikit-image distributes as ``skimage.data.astronaut()``.
"""

from pathlib import Path
from typing import Final

import cv2
import numpy as np

from ml.arrays import UInt8

FILE: Final = Path(__file__).with_name("astronaut.png")


def astronaut() -> UInt8:
    """RGB uint8 (512, 512, 3). Raises ``OSError`` when the file is missing."""
    return np.asarray(cv2.imdecode(np.frombuffer(FILE.read_bytes(), np.uint8), cv2.IMREAD_COLOR_RGB), np.uint8)
