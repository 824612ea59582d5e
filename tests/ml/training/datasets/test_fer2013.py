"""FER2013 as a file, its splits and its training batches."""

import numpy as np
import pytest

from ml.training.datasets import fer2013
from ml.training.errors import TrainingError
from ml.training.facial_expression.augmentation import augment


@pytest.fixture
def data(tmp_path):
    """Ten pictures of each usage; the first test picture is one of the training pictures."""
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (30, 48, 48), dtype=np.uint8)
    images[20] = images[3]
    np.savez(
        tmp_path / "fer2013.npz",
        images=images,
        labels=np.arange(30, dtype=np.uint8) % 7,
        usage=np.repeat([0, 1, 2], 10).astype(np.uint8),
    )
    return tmp_path


def test_each_split_has_its_own_pictures(data):
    splits = [fer2013.load(data, name) for name in ("train", "public", "private")]
    assert [len(split.truth) for split in splits] == [10, 10, 10]
    assert splits[1].truth.tolist() == [(10 + i) % 7 for i in range(10)]


def test_pictures_seen_in_training_are_marked(data):
    assert fer2013.load(data, "private").seen_in_training.tolist() == [True] + [False] * 9
    assert not fer2013.load(data, "public").seen_in_training.any()
    assert not fer2013.load(data, "train").seen_in_training.any()


def test_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(TrainingError, match=r"fer2013\.npz does not exist: --data must name the folder"):
        fer2013.load(tmp_path, "train")


def test_a_file_that_is_something_else_is_named(tmp_path):
    (tmp_path / "fer2013.npz").write_bytes(b"no archive")
    with pytest.raises(TrainingError, match="cannot be read as FER2013"):
        fer2013.load(tmp_path, "train")


def test_pictures_of_another_size_are_named(tmp_path):
    np.savez(tmp_path / "fer2013.npz", images=np.zeros((2, 32, 32)), labels=np.zeros(2), usage=np.zeros(2))
    with pytest.raises(TrainingError, match="does not hold 48x48 pictures"):
        fer2013.load(tmp_path, "train")


def batches(split, targets=None, **choices):
    return fer2013.FaceBatches(
        split.images, split.truth if targets is None else targets, augment=augment, batch_size=4, seed=1, **choices
    )


def test_batches_hold_every_picture_once_and_repeat_for_the_same_epoch(data):
    split = fer2013.load(data, "train")
    made = batches(split)
    first, again, second = list(made.epoch(1)), list(made.epoch(1)), list(made.epoch(2))
    assert len(first) == made.steps == 3
    assert sorted(np.concatenate([truth for _, truth, _ in first])) == sorted(split.truth)
    assert all(np.array_equal(a[0], b[0]) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0][0], second[0][0])


def test_mixing_leaves_every_picture_the_larger_share(data):
    split = fer2013.load(data, "train")
    plain, mixed = (
        [
            batch
            for number in range(1, 9)
            for batch in batches(split, np.eye(7)[split.truth], mixup_alpha=m).epoch(number)
        ]
        for m in (0.0, 1.0)
    )
    targets = np.concatenate([t for _, t, _ in mixed])
    assert targets.sum(axis=1) == pytest.approx(np.ones(len(targets)))
    assert ((targets > 0) & (targets < 1)).any()
    assert targets.max(axis=1).min() >= 0.5
    assert len(targets) == sum(len(t) for _, t, _ in plain)


def test_the_rows_say_where_a_picture_stands_in_the_file(data):
    assert fer2013.load(data, "private").rows.tolist() == list(range(20, 30))
