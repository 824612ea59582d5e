"""Tables of how far readings move under changed pictures."""

from functools import partial

import numpy as np
import pytest

from ml.corruptions import images
from ml.training import corruption_robustness

LABELS = ("dark", "light")


def by_brightness(images):
    light = images.mean(axis=(1, 2)) / 255
    return np.stack([1 - light, light], axis=1)


@pytest.fixture
def pictures():
    return np.stack([np.full((8, 8), grey, np.uint8) for grey in (20, 60, 160, 250)])


def table(pictures, **named):
    truth = np.array([0, 0, 1, 1])
    return corruption_robustness.measure(pictures, truth, named, by_brightness, LABELS, title="four greys")


def test_the_first_row_is_the_pictures_as_they_are(pictures):
    found = table(pictures)
    assert found["title"] == "four greys"
    assert found["rows"][0]["accuracy"] == 1.0
    assert (found["rows"][0]["changed"], found["rows"][0]["moved"]) == (0.0, 0.0)


def test_a_change_moves_accuracy_labels_and_shares(pictures):
    row = table(pictures, darker=lambda image, random: image // 2)["rows"][1]
    # 160 and 250 become 80 and 125: both dark now.
    assert (row["condition"], row["n"], row["accuracy"]) == ("darker", 4, 0.5)
    assert row["changed"] == 0.5
    assert row["moved"] == 0.5
    assert row["most"] == ["dark", 0.5]
    assert row["interval"][0] < 0.5 < row["interval"][1]


def test_labels_may_change_while_shares_stay(pictures):
    row = table(pictures, negative=lambda image, random: 255 - image)["rows"][1]
    assert (row["accuracy"], row["changed"], row["moved"]) == (0.0, 1.0, 0.0)


def test_a_table_can_be_made_again(pictures):
    noisy = partial(images.darkened, light=0.5)
    assert table(pictures, noisy=noisy) == table(pictures, noisy=noisy)
