"""Varied eye strips."""

import numpy as np

from ml.training.eye_emotion import augmentation
from ml.training.eye_emotion.augmentation import augment


def strip_of_grey(grey):
    return np.full((40, 96), grey, np.uint8)


def test_a_varied_strip_is_a_strip_and_the_same_for_the_same_seed():
    random = np.random.default_rng(0)
    strip = random.integers(0, 256, (40, 96), dtype=np.uint8)
    for seed in range(30):
        once, again = (augment(strip, np.random.default_rng(seed)) for _ in range(2))
        assert once.shape == (40, 96)
        assert once.dtype == np.uint8
        assert np.array_equal(once, again)


def test_glasses_have_two_rims_and_leave_most_of_the_strip():
    for seed in range(20):
        behind = augmentation._behind_glasses(strip_of_grey(120), np.random.default_rng(seed))
        drawn = behind != 120
        assert drawn[:, :48].any()
        assert drawn[:, 48:].any()
        assert not drawn[:3].any()
        assert (~drawn).mean() > 0.2
