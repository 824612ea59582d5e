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


def test_whole_faces_are_those_of_the_strips(tmp_path, monkeypatch):
    images = np.stack([np.full((48, 48), grey, np.uint8) for grey in range(4)])
    np.savez(tmp_path / "fer2013.npz", images=images, labels=np.array([0, 3, 6, 5]), usage=np.full(4, 2))

    def read(faces):
        # The label's number is the picture's grey.
        return np.eye(7)[faces[:, 0, 0]]

    monkeypatch.setattr(evaluation, "face_predictor", lambda artifact: read)
    measured = evaluation.whole_faces("private", strips([1, 3], faces=[1, 3]), tmp_path)
    assert measured.scores.n == 2
    assert measured.scores.accuracy == 1.0
    assert measured.scores.labels == LABELS


def test_strips_seen_in_training_do_not_count_as_unseen():
    test = StripSet(np.stack([np.full((40, 96), g, np.uint8) for g in (1, 2)]), np.array([0, 1]))
    training = StripSet(np.full((1, 40, 96), 2, np.uint8), np.array([1]))
    measured = evaluation.deduplicated("private", test, training, np.eye(7)[[0, 0]])
    assert (measured.scores.n, measured.scores.accuracy) == (1, 1.0)
    assert "without the 1 strips" in measured.note


HAPPY, SURPRISE, NONE = 3, 5, 6


def test_six_way_results_leave_out_none_and_the_strips_of_neutral_faces():
    given = np.zeros((4, 7))
    given[0, HAPPY], given[0, NONE] = 0.8, 0.2
    given[1, HAPPY], given[1, NONE] = 0.3, 0.7  # called none; its most probable emotion is right
    given[2, SURPRISE], given[2, NONE] = 0.6, 0.4  # wrong
    given[3, HAPPY] = 1.0  # a neutral face
    named, forced = evaluation.six_way("set", "a set", strips([HAPPY, HAPPY, HAPPY, NONE]), given)
    assert (named.scores.n, named.scores.accuracy) == (2, 0.5)
    assert "66.7 % of the 3 strips" in named.note
    assert (forced.scores.n, forced.scores.accuracy) == (3, pytest.approx(2 / 3))
    assert forced.scores.labels == LABELS[:6]


def test_the_coverage_accuracy_curve_counts_neutral_faces_given_an_emotion():
    given = np.zeros((4, 7))
    given[0, HAPPY], given[0, NONE] = 0.9, 0.1
    given[1, NONE], given[1, HAPPY] = 0.9, 0.1
    given[2, HAPPY], given[2, NONE] = 0.6, 0.4
    given[3, NONE], given[3, HAPPY] = 0.6, 0.4
    table = evaluation.coverage_accuracy(strips([HAPPY, NONE, NONE, HAPPY]), given, title="a set")
    rows = {row[0]: row[1:] for row in table["rows"]}
    assert rows["0.5"] == ("100.0 %", "50.0 %", "50.0 %", "100.0 %", "50.0 %")
    assert rows["0.7"] == ("50.0 %", "100.0 %", "50.0 %", "100.0 %", "0.0 %")
