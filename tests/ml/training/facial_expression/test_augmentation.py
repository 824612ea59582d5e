"""Varied training faces."""

import numpy as np
import pytest

from ml.training.facial_expression.augmentation import augment, augment_strongly


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
