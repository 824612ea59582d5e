"""The layout of the DIU set."""

import cv2
import numpy as np
import pytest

from ml.training.datasets import diu
from ml.training.errors import TrainingError


@pytest.fixture
def data(tmp_path):
    for split in diu.SPLITS:
        for number, name in enumerate(diu.FOLDERS):
            folder = tmp_path / split / name
            folder.mkdir(parents=True)
            # OpenCV writes blue first: these are pure red.
            cv2.imwrite(str(folder / "1.png"), np.full((20 + number, 60, 3), (0, 0, 255), np.uint8))
            (folder / "Thumbs.db").write_bytes(b"not a picture")
    return tmp_path


def test_folders_become_labels_and_pictures_rgb_squares(data):
    pictures = diu.load(data, "train")
    assert pictures.images.shape == (6, 350, 350, 3)
    assert pictures.truth.tolist() == [0, 1, 2, 3, 4, 5]
    assert pictures.images[0, 0, 0].tolist() == [255, 0, 0]


def test_another_layout_is_named(tmp_path):
    (tmp_path / "train" / "anger").mkdir(parents=True)
    with pytest.raises(TrainingError, match="is not the DIU set: it lacks disgust, fear, happy, sad, surprise"):
        diu.load(tmp_path, "train")


def test_empty_folders_are_named(tmp_path):
    for name in diu.FOLDERS:
        (tmp_path / "test" / name).mkdir(parents=True)
    with pytest.raises(TrainingError, match="holds no pictures"):
        diu.load(tmp_path, "test")
