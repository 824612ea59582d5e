"""Crops cut by our landmarks, with other margins than serving's."""

import numpy as np
import pytest

from ml.faces.alignment import face_crop
from ml.faces.geometry import (
    LEFT_EYE_INNER,
    LEFT_EYE_OUTER,
    MOUTH_LEFT,
    MOUTH_RIGHT,
    RIGHT_EYE_INNER,
    RIGHT_EYE_OUTER,
    Face,
)
from ml.training.facial_expression.crop_framing import Found, sweep

SCALE = 4
PLACES = {
    RIGHT_EYE_OUTER: (12, 18), RIGHT_EYE_INNER: (18, 18), LEFT_EYE_INNER: (30, 18), LEFT_EYE_OUTER: (36, 18),
    MOUTH_RIGHT: (18, 36), MOUTH_LEFT: (30, 36),
}  # fmt: skip


@pytest.fixture
def found():
    """A face in a picture in which brightness grows downwards."""
    landmarks = np.zeros((468, 3), np.float32)
    for index, (x, y) in PLACES.items():
        landmarks[index, :2] = x * SCALE, y * SCALE
    rows = np.linspace(0, 255, 48 * SCALE).astype(np.uint8)
    picture = np.repeat(rows[:, np.newaxis], 48 * SCALE, axis=1)
    return Found(np.array([0]), ((picture, Face(landmarks, 1.0)),))


def test_without_other_margins_crops_are_servings(found):
    picture, face = found.faces[0]
    assert np.array_equal(found.crops()[0], face_crop(picture, face))


def test_a_wider_margin_shows_more_and_a_narrower_less(found):
    def span(margin):
        column = found.crops(margin=margin)[0][:, 24].astype(int)
        return int(np.abs(np.diff(column[8:40])).sum())

    assert span(0.8) < span(1.0) < span(1.2)


def test_cutting_lower_shifts_by_that_share_of_the_side(found):
    plain, lower = (found.crops(lower=share)[0][:, 24].astype(int) for share in (0.0, 0.06))
    shift = np.median(lower[10:30] - plain[10:30]) / np.median(np.diff(plain[5:43:2])) * 2
    assert shift == pytest.approx(0.06 * 48, rel=0.25)


def test_the_sweep_covers_margins_and_heights_with_intervals(found):
    rows = sweep(found, np.array([3]), lambda crops: np.eye(7)[[3] * len(crops)])
    assert {row["margin"] for row in rows} >= {0.8, 1.0, 1.2}
    assert {row["lower"] for row in rows} >= {-0.06, 0.0, 0.06}
    assert all(row["accuracy"] == 1.0 and row["interval"][0] < 1.0 for row in rows)
