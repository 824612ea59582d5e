"""Soft targets from the votes of FER+."""

import numpy as np
import pytest

from ml.training.datasets import ferplus
from ml.training.datasets.fer2013 import Split
from ml.training.errors import TrainingError

COLUMNS = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF")


def split_of(truth, rows=None):
    n = len(truth)
    return Split(np.zeros((n, 48, 48), np.uint8), np.array(truth), np.array(rows or range(n)), np.zeros(n, dtype=bool))


def write(folder, rows, valid):
    np.savez(folder / ferplus.FILE, votes=np.array(rows, np.uint8), columns=np.array(COLUMNS), valid=np.array(valid))


def targets(folder, split, smoothing=0.0):
    return ferplus.soft_targets(folder, split, vote_weight=0.4, smoothing=smoothing)


def test_label_and_votes_are_mixed_in_the_order_of_our_labels(tmp_path):
    # Neutral 5, happiness 3, contempt 2: contempt is no class of ours.
    write(tmp_path, [[5, 3, 0, 0, 0, 0, 0, 2, 0, 0]], [1])
    angry, _, _, happy, _, _, neutral = targets(tmp_path, split_of([0]))[0]
    assert (angry, happy, neutral) == pytest.approx((0.6, 0.4 * 3 / 8, 0.4 * 5 / 8))


def test_without_valid_votes_the_label_stands_alone(tmp_path):
    write(tmp_path, [[10, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 10]], [0, 1])
    assert targets(tmp_path, split_of([3, 4])).tolist() == np.eye(7)[[3, 4]].tolist()


def test_smoothing_keeps_distributions(tmp_path):
    write(tmp_path, [[0, 10, 0, 0, 0, 0, 0, 0, 0, 0]], [1])
    row = targets(tmp_path, split_of([3]), smoothing=0.07)[0]
    assert row.sum() == pytest.approx(1)
    assert row[3] == pytest.approx(0.94)
    assert row[0] == pytest.approx(0.01)


def test_a_picture_gets_the_votes_of_its_own_row(tmp_path):
    write(tmp_path, [[0, 10, 0, 0, 0, 0, 0, 0, 0, 0], [10, 0, 0, 0, 0, 0, 0, 0, 0, 0]], [1, 1])
    assert targets(tmp_path, split_of([0], rows=[1]))[0][6] == pytest.approx(0.4)


def test_missing_strange_and_short_files_are_named(tmp_path):
    with pytest.raises(TrainingError, match=r"ferplus_votes\.npz does not exist: --data must name the folder"):
        targets(tmp_path, split_of([0]))
    (tmp_path / ferplus.FILE).write_bytes(b"no archive")
    with pytest.raises(TrainingError, match="cannot be read as the votes of FER"):
        targets(tmp_path, split_of([0]))
    write(tmp_path, [[10] * 10], [1])
    with pytest.raises(TrainingError, match="has 1 rows: it does not belong to this FER2013"):
        targets(tmp_path, split_of([0], rows=[1]))
