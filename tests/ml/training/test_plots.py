"""The plots of a card."""

import dataclasses

import cv2
import numpy as np
import pytest

from ml.training import plots
from ml.training.checkpoint import EpochRecord
from ml.training.evaluation import Evaluation, EvaluationRecord, EvaluationResult, Notes
from ml.training.metrics import scores

LABELS = ("happy", "sad")


@pytest.fixture
def record():
    truth, probabilities = np.array([0, 1, 1]), np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    result = EvaluationResult("test", "the test set", scores(truth, probabilities, LABELS))
    return EvaluationRecord.of(
        Evaluation((result,), truth, probabilities, headline={}, extra={}, limits=()),
        Notes("", "", ()),
        history=[EpochRecord(n, 1 / n, n / 5, 1.1 / n, n / 6, n / 6, 1e-3, 2.0) for n in (1, 2)],
        calibration={},
    )


def test_a_trained_version_has_three_plots(tmp_path, record):
    assert plots.draw(tmp_path, record) == [plots.CONFUSION, plots.RELIABILITY, plots.LEARNING]
    for name in (plots.CONFUSION, plots.RELIABILITY, plots.LEARNING):
        picture = cv2.imread(str(tmp_path / name))
        assert picture.shape[0] > 200
        assert picture.std() > 5


def test_what_was_not_trained_has_no_learning_curve(tmp_path, record):
    assert plots.LEARNING not in plots.draw(tmp_path, dataclasses.replace(record, history=()))
    assert not (tmp_path / plots.LEARNING).exists()


def test_the_confusion_matrix_follows_the_counts(tmp_path, record):
    plots.draw(tmp_path, record)
    before = (tmp_path / plots.CONFUSION).read_bytes()
    swapped = record.measured[0] | {"confusion": [[0, 1], [2, 0]]}
    plots.draw(tmp_path, dataclasses.replace(record, measured=(swapped,)))
    assert (tmp_path / plots.CONFUSION).read_bytes() != before
