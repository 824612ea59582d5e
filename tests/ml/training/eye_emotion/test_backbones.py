"""The weight files of the paper's backbones, and the cache of their features."""

import numpy as np
import pytest

from ml.training.eye_emotion import backbones


def test_without_backbone_weights_the_version_says_what_it_needs(tmp_path):
    with pytest.raises(backbones.BackbonesMissing, match="needs the ImageNet weights of InceptionV3 and Xception"):
        backbones.weight_files(None)
    (tmp_path / backbones.WEIGHT_FILES["Xception"]).write_bytes(b"")
    with pytest.raises(backbones.BackbonesMissing, match=r"lacks inception_v3_weights_\S+\.h5\. "):
        backbones.weight_files(tmp_path)


def test_with_both_files_they_are_found(tmp_path):
    for name in backbones.WEIGHT_FILES.values():
        (tmp_path / name).write_bytes(b"")
    assert set(backbones.weight_files(tmp_path)) == {"InceptionV3", "Xception"}


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
        return backbones.cached_features(tmp_path / "work", body, of, {"Xception": weights})

    first = features(images)
    assert np.array_equal(features(images), first)
    assert body.shown == 10
    features(images[:4])
    assert body.shown == 14
    weights.write_bytes(b"other weights")
    features(images)
    assert body.shown == 24
