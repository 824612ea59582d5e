"""What stands beside an eye network's figures: guessing, and the whole face."""

import numpy as np
import pytest

from ml.eye_emotion.labels import LABELS
from ml.training.datasets.eye_strips import StripSet
from ml.training.eye_emotion import evaluation


def strips(truth, faces=()):
    n = len(truth)
    return StripSet(np.zeros((n, 40, 96), np.uint8), np.array(truth), 0, np.array(faces, dtype=np.int64))


def test_guessing_knows_only_the_training_labels():
    measured = evaluation.majority("set", "a set", strips([3, 3, 0, 1]), strips([3, 3, 3, 0]))
    assert measured.title == "a set, always guessing happiness"
    assert measured.scores.accuracy == 0.5
    assert measured.scores.uar == pytest.approx(1 / 3)
    assert measured.scores.per_class_recall["happiness"] == 1.0


def test_whole_faces_are_those_of_the_strips_without_neutral(tmp_path, monkeypatch):
    images = np.stack([np.full((48, 48), grey, np.uint8) for grey in range(4)])
    np.savez(tmp_path / "fer2013.npz", images=images, labels=np.array([0, 3, 6, 5]), usage=np.full(4, 2))

    def read(faces):
        # The network says neutral first of all, and then the class whose number is the picture's grey.
        found = np.zeros((len(faces), 7))
        found[:, 6] = 0.6
        found[np.arange(len(faces)), faces[:, 0, 0]] = 0.4
        return found

    monkeypatch.setattr(evaluation, "face_predictor", lambda artifact: read)
    measured = evaluation.whole_faces("private", strips([1, 3], faces=[1, 3]), tmp_path)
    assert measured.scores.n == 2
    assert measured.scores.accuracy == 1.0
    assert measured.scores.labels == LABELS
    assert "its neutral left out" in measured.note


def test_strips_seen_in_training_do_not_count_as_unseen():
    test = StripSet(np.stack([np.full((40, 96), g, np.uint8) for g in (1, 2)]), np.array([0, 1]))
    training = StripSet(np.full((1, 40, 96), 2, np.uint8), np.array([1]))
    measured = evaluation.deduplicated("private", test, training, np.eye(6)[[0, 0]])
    assert (measured.scores.n, measured.scores.accuracy) == (1, 1.0)
    assert "without the 1 strips" in measured.note
