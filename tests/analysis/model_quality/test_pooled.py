"""Results of one version pooled by their observed time."""

import pytest

from analysis.model_quality.pooled import confidence_together, shares_together
from analysis.models import ModalityResult


def result(observed_s: float, *, happy: float, confidence: float | None) -> ModalityResult:
    shares = {"happy": happy, "sad": 1 - happy}
    return ModalityResult(observed_s=observed_s, shares=shares, mean_confidence=confidence)


def test_shares_are_weighted_by_observed_time():
    shares = shares_together([result(30.0, happy=1.0, confidence=None), result(10.0, happy=0.0, confidence=None)])
    assert shares == pytest.approx({"happy": 0.75, "sad": 0.25})


def test_confidence_is_weighted_by_observed_time_and_skips_results_without_one():
    rows = [result(30.0, happy=1.0, confidence=0.9), result(10.0, happy=1.0, confidence=0.5)]
    assert confidence_together([*rows, result(99.0, happy=1.0, confidence=None)]) == pytest.approx(0.8)


def test_nothing_observed_gives_nothing():
    assert shares_together([result(0.0, happy=1.0, confidence=0.5)]) == {}
    assert confidence_together([result(0.0, happy=1.0, confidence=0.5)]) is None
    assert shares_together([]) == {}
