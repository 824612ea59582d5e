"""The eye strip's way into the network."""

import numpy as np
import pytest

from ml.eye_emotion import preprocessing


def test_input_has_the_networks_shape_and_no_brightness_or_contrast():
    strip = np.random.default_rng(0).integers(0, 200, (40, 96), dtype=np.uint8)
    tensor = preprocessing.to_input(strip)
    assert tensor.shape == (1, 40, 96, 1)
    assert tensor.dtype == np.float32
    assert tensor.mean() == pytest.approx(0, abs=1e-4)
    assert tensor.std() == pytest.approx(1, abs=1e-4)


def test_a_strip_without_contrast_is_zero():
    assert not preprocessing.to_input(np.zeros((40, 96), np.uint8)).any()


def test_wrong_shape_is_refused():
    with pytest.raises(ValueError, match=r"shape \(n, 40, 96\)"):
        preprocessing.to_input(np.zeros((96, 40), np.uint8))
