"""Image corruptions."""

from functools import partial

import numpy as np
import pytest

from ml.corruptions import images


@pytest.mark.parametrize(
    "change",
    [
        partial(images.darkened, light=0.2),
        images.one_sided,
        partial(images.blurred, sigma=1.5),
        partial(images.compressed, quality=10),
        partial(images.coarse, width=12),
        partial(images.covered, top=3, bottom=9, beside=4, grey=0),
        partial(images.moved, degrees=10, pixels=2, margin=1.1),
    ],
)
@pytest.mark.parametrize("shape", [(48, 48), (40, 96)])
def test_every_change_keeps_size_and_type_and_changes_something(change, shape):
    image = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    changed = change(image, np.random.default_rng(1))
    assert (changed.shape, changed.dtype) == (shape, np.uint8)
    assert not np.array_equal(changed, image)


def test_a_band_hides_what_it_says_and_no_more():
    image = np.full((10, 12), 200, np.uint8)
    hidden = images.covered(image, np.random.default_rng(0), top=2, bottom=4, beside=3, grey=7)
    assert (hidden == 7).sum() == 2 * 6
    assert (hidden[2:4, 3:9] == 7).all()


def test_in_low_light_the_lighter_side_stays_lighter():
    strip = np.tile(np.linspace(40, 220, 96).astype(np.uint8), (40, 1))
    dark = np.stack([images.low_light(strip, np.random.default_rng(seed)) for seed in range(40)])
    assert dark.max() <= 235
    assert dark.mean(axis=(1, 2)).min() < 30
    # However dark, the light side stays the lighter one.
    assert (dark[:, :, 64:].mean(axis=(1, 2)) > dark[:, :, :32].mean(axis=(1, 2))).all()
