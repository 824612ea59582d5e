"""Varied training faces."""

import numpy as np
import pytest

from ml.training.facial_expression import robust_augmentation
from ml.training.facial_expression.augmentation import augment, augment_strongly
from ml.training.facial_expression.robust_augmentation import augment_robustly
from ml.training.facial_expression.synthetic_turns import field, turned


@pytest.fixture
def face():
    return np.tile(np.linspace(60, 180, 48).astype(np.uint8), (48, 1))


def test_variation_keeps_shape_and_brightness(face):
    varied = augment(face, np.random.default_rng(0))
    assert varied.shape == (48, 48)
    assert varied.dtype == np.uint8
    assert not np.array_equal(varied, face)
    assert 50 <= varied.min() <= varied.max() <= 190


def test_wide_variation_hides_a_rectangle_of_about_three_faces_in_ten():
    random = np.random.default_rng(0)
    blank = np.full((48, 48), 117, np.uint8)
    # Noise moves a blank picture by a grey or two: a hidden part is further away.
    hidden = [(np.abs(augment_strongly(blank, random).astype(int) - 117) > 3).sum() for _ in range(400)]
    assert np.mean([pixels > 0 for pixels in hidden]) == pytest.approx(0.3, abs=0.08)
    assert min(pixels for pixels in hidden if pixels) >= 8 * 8
    assert max(hidden) <= 20 * 20


def test_the_same_seed_varies_the_same(face):
    once, again = (augment_strongly(face, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(once, again)


def test_robust_variation_gives_faces_and_the_same_for_the_same_seed(face):
    for seed in range(30):
        once, again = (augment_robustly(face, np.random.default_rng(seed)) for _ in range(2))
        assert once.shape == (48, 48)
        assert once.dtype == np.uint8
        assert np.array_equal(once, again)


def test_covers_lie_over_eyes_or_mouth():
    blank = np.full((48, 48), 117, np.uint8)
    rows = [(robust_augmentation._covered(blank, np.random.default_rng(seed)) != 117) for seed in range(60)]
    middles = np.array([np.flatnonzero(hidden.any(axis=1)).mean() for hidden in rows if hidden.any()])
    over_eyes = middles < 28
    assert 0.25 < over_eyes.mean() < 0.75
    assert np.abs(middles[over_eyes] - 18.7).max() < 5
    assert np.abs(middles[~over_eyes] - 36.5).max() < 5


def test_side_light_leaves_one_side_as_it_is():
    blank = np.full((48, 48), 200, np.uint8)
    for seed in range(20):
        lit = robust_augmentation._side_light(blank, np.random.default_rng(seed))
        assert lit.max() >= 195
        assert 25 <= lit.min() <= 145


def test_a_head_turned_by_nothing_stays_where_it_is():
    columns, rows = field(0, 0)
    expected_rows, expected_columns = np.mgrid[:48, :48]
    inside = np.hypot(expected_columns - 24, expected_rows - 26) < 15
    assert np.abs(columns - expected_columns)[inside].max() < 0.5
    assert np.abs(rows - expected_rows)[inside].max() < 0.5


def test_turning_aside_draws_one_side_of_the_face_together_and_mirrors_to_the_other_side():
    right, left = field(32, 0), field(-32, 0)
    # The same row half way between eyes and mouth: which columns of the face it shows.
    inner = slice(12, 32)
    assert (right[0][28] - 24)[inner] == pytest.approx(-(left[0][28][::-1] - 23)[inner], abs=1.2)
    # One side of the face is drawn together, the other one is spread.
    assert right[0][28, 38] - right[0][28, 32] > 1.5 * (right[0][28, 14] - right[0][28, 8])
    assert turned(np.zeros((48, 48), np.uint8), np.random.default_rng(0)).shape == (48, 48)
