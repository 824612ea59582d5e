"""Recall by measured attributes."""

import numpy as np
import pytest

from ml.training import subgroups

LABELS = ("a", "b")


def strip(grey, *, bar=False):
    picture = np.full((40, 96), grey, np.uint8)
    picture[:, ::6] = grey - 8  # some texture: contrast is measured against it
    if bar:
        picture[20:22, 30:66] = grey // 3
    return picture


def test_a_bar_between_the_eyes_stands_out_and_texture_does_not():
    values = subgroups.bridge_bar(np.stack([strip(120), strip(120, bar=True)]))
    assert values[0] < subgroups.BAR < values[1]


def test_brightness_is_the_pictures():
    assert subgroups.skin_brightness(np.stack([strip(90), strip(200)])) == pytest.approx([90, 200])


def test_each_group_has_its_own_recall():
    greys = [60, 61, 62, 120, 121, 122, 200, 201, 202]
    strips = np.stack([strip(grey, bar=grey == 202) for grey in greys])
    truth = np.array([0, 0, 1] * 3)
    # The darker third is all taken for "a", the others are right.
    predicted = np.array([0, 0, 0, 0, 0, 1, 0, 0, 1])
    table = subgroups.table(strips, truth, np.eye(2)[predicted], LABELS, title="a set")
    rows = {row[0].split(" (")[0]: row[1:] for row in table["rows"]}
    assert rows["darker third"][0] == 3
    assert rows["darker third"][1].startswith("66.7 % (")
    assert rows["darker third"][2:3] == ("50.0 %",)
    assert rows["darker third"][4].startswith("0.0 %")
    assert rows["lighter third"][1].startswith("100.0 %")
    assert rows["a bar across the bridge of the nose"][0] == 1
    assert rows["a bar across the bridge of the nose"][3] == "none in the set"
    assert rows["none"][0] == 8
