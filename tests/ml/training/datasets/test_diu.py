"""The DIU set's layout, and what the paper's network says when its backbones are not there."""

import cv2
import numpy as np
import pytest

from ml.training.datasets import diu
from ml.training.errors import TrainingError
from ml.training.eye_emotion import paper


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


def test_without_backbone_weights_the_version_says_what_it_needs(tmp_path):
    with pytest.raises(paper.BackbonesMissing, match="needs the ImageNet weights of InceptionV3 and Xception"):
        paper.backbone_files(None)
    (tmp_path / paper.WEIGHT_FILES["Xception"]).write_bytes(b"")
    with pytest.raises(paper.BackbonesMissing, match=r"lacks inception_v3_weights_\S+\.h5\. "):
        paper.backbone_files(tmp_path)


def test_with_both_files_they_are_found(tmp_path):
    for name in paper.WEIGHT_FILES.values():
        (tmp_path / name).write_bytes(b"")
    assert set(paper.backbone_files(tmp_path)) == {"InceptionV3", "Xception"}


class Body:
    """In the backbones' place: a feature per picture, and how many pictures it was shown."""

    def __init__(self) -> None:
        self.shown = 0

    def predict_on_batch(self, images):
        self.shown += len(images)
        return images.mean(axis=(1, 2, 3))[:, np.newaxis]


def test_features_are_computed_once_for_the_same_pictures_and_weights(tmp_path):
    weights = tmp_path / "weights.h5"
    weights.write_bytes(b"weights")
    images = np.random.default_rng(0).integers(0, 256, (10, 8, 8, 3), dtype=np.uint8)
    body = Body()

    def features(of):
        return paper.cached_features(tmp_path / "work", body, of, {"Xception": weights})

    first = features(images)
    assert np.array_equal(features(images), first)
    assert body.shown == 10
    features(images[:4])
    assert body.shown == 14
    weights.write_bytes(b"other weights")
    features(images)
    assert body.shown == 24
