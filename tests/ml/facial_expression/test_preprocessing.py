"""The face crop's way into the network."""

import numpy as np
import pytest

from ml.facial_expression import preprocessing


@pytest.fixture
def crop():
    return np.random.default_rng(0).integers(0, 200, (48, 48), dtype=np.uint8)


def test_input_has_the_networks_shape_and_no_brightness_or_contrast(crop):
    tensor = preprocessing.to_input(crop)
    assert tensor.shape == (1, 48, 48, 1)
    assert tensor.dtype == np.float32
    assert tensor.mean() == pytest.approx(0, abs=1e-4)
    assert tensor.std() == pytest.approx(1, abs=1e-4)


def test_exposure_does_not_matter(crop):
    darker = (crop // 2).astype(np.uint8) + np.uint8(30)
    assert np.abs(preprocessing.to_input(darker) - preprocessing.to_input(crop)).max() < 0.03


def test_a_picture_without_contrast_is_zero():
    assert not preprocessing.to_input(np.full((48, 48), 17, np.uint8)).any()


def test_one_crop_and_a_batch_agree(crop):
    batch = preprocessing.to_inputs(np.stack([crop, crop.T]))
    assert np.array_equal(batch[:1], preprocessing.to_input(crop))


def test_wrong_shape_is_refused():
    with pytest.raises(ValueError, match=r"shape \(n, 48, 48\)"):
        preprocessing.to_input(np.zeros((40, 48), np.uint8))
