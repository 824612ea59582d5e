"""The opening of a mouth, from the landmarks of its lips."""

import numpy as np
import pytest

from ml.faces.geometry import LEFT_EYE_INNER, LEFT_EYE_OUTER, RIGHT_EYE_INNER, RIGHT_EYE_OUTER, Face
from ml.faces.mouth import INNER_LOWER_LIP, INNER_UPPER_LIP, mouth_openness


def talking(gap: float, *, scale: float = 1.0) -> Face:
    """A face with its eyes 100 pixels apart and its lips ``gap`` pixels, all of it scaled."""
    landmarks = np.zeros((468, 3), np.float32)
    landmarks[[RIGHT_EYE_OUTER, RIGHT_EYE_INNER], 0] = 50, 90
    landmarks[[LEFT_EYE_INNER, LEFT_EYE_OUTER], 0] = 150, 190
    landmarks[list(INNER_UPPER_LIP), 1] = 200
    landmarks[list(INNER_LOWER_LIP), 1] = 200 + gap
    return Face(landmarks * scale, presence=1.0)


def test_closed_lips_have_no_opening():
    assert mouth_openness(talking(0)) == 0


@pytest.mark.parametrize("scale", [0.25, 1.0, 3.0])
def test_the_opening_is_relative_to_the_distance_of_the_eyes(scale):
    assert mouth_openness(talking(30, scale=scale)) == pytest.approx(0.3)
