"""Figures of merit against cases small enough to work out by hand."""

import numpy as np
import pytest

from ml.training import metrics


def one_hot(predicted, classes, confidence=1.0):
    rest = (1 - confidence) / (classes - 1)
    probabilities = np.full((len(predicted), classes), rest)
    probabilities[np.arange(len(predicted)), predicted] = confidence
    return probabilities


def test_confusion_counts_truth_in_rows():
    confusion = metrics.confusion_matrix(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 0]), 3)
    assert confusion.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]


def test_uar_weighs_classes_the_same_however_rare():
    # Nine of ten of class 0 right, the only one of class 1 wrong: accuracy 9/11, UAR (0.9 + 0) / 2.
    truth = np.array([0] * 10 + [1])
    predicted = np.array([0] * 9 + [1] + [0])
    scores = metrics.scores(truth, one_hot(predicted, 2), ("a", "b"))
    assert scores.accuracy == pytest.approx(9 / 11)
    assert scores.uar == pytest.approx(0.45)
    assert scores.per_class_recall == {"a": pytest.approx(0.9), "b": 0.0}


def test_macro_f1_is_the_mean_of_harmonic_means():
    # Class 0: precision 2/3, recall 2/2, F1 0.8. Class 1: precision 1/1, recall 1/2, F1 2/3.
    scores = metrics.scores(np.array([0, 0, 1, 1]), one_hot([0, 0, 0, 1], 2), ("a", "b"))
    assert scores.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)


def test_a_class_that_does_not_occur_has_no_recall_and_does_not_count():
    scores = metrics.scores(np.array([0, 1]), one_hot([0, 1], 3), ("a", "b", "c"))
    assert scores.per_class_recall["c"] is None
    assert scores.uar == 1.0
    assert scores.macro_f1 == 1.0


def test_ece_is_the_gap_between_confidence_and_accuracy():
    # Confidence 0.9 and half of them right: gap 0.4. All land in one bin.
    truth, predicted = np.array([0, 0, 0, 0]), [0, 0, 1, 1]
    probabilities = one_hot(predicted, 2, confidence=0.9)
    assert metrics.expected_calibration_error(truth, probabilities) == pytest.approx(0.4)


def test_ece_weighs_bins_by_their_size():
    # Three samples at confidence 1, all right (gap 0); one at 0.6, wrong (gap 0.6): 0.25 x 0.6.
    truth = np.array([0, 1, 0, 0])
    probabilities = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.4, 0.6]])
    assert metrics.expected_calibration_error(truth, probabilities) == pytest.approx(0.15)


def test_certain_and_right_is_perfectly_calibrated():
    assert metrics.expected_calibration_error(np.array([0, 1]), one_hot([0, 1], 2)) == 0.0


def test_wilson_interval_of_a_known_case():
    # 81 of 263: the worked example of Newcombe (1998), method 3.
    low, high = metrics.wilson_interval(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_wilson_interval_stays_within_bounds():
    assert metrics.wilson_interval(0, 10)[0] == 0.0
    assert metrics.wilson_interval(10, 10)[1] == pytest.approx(1.0)
    assert metrics.wilson_interval(0, 0) == (0.0, 1.0)


def test_nothing_to_evaluate_is_an_error():
    with pytest.raises(ValueError, match="the set is empty"):
        metrics.scores(np.array([], dtype=int), np.zeros((0, 2)), ("a", "b"))


def test_shapes_that_do_not_fit_are_an_error():
    with pytest.raises(ValueError, match="do not fit 2 samples of 3 classes"):
        metrics.scores(np.array([0, 1]), np.ones((2, 2)) / 2, ("a", "b", "c"))


def test_json_has_the_documented_keys():
    data = metrics.scores(np.array([0, 1]), one_hot([0, 1], 2), ("a", "b")).to_json()
    assert set(data) >= {"n", "accuracy", "macro_f1", "uar", "ece", "per_class_recall", "confusion"}
