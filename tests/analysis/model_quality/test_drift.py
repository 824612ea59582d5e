"""The population stability index, and what it is taken for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model_quality.drift import MINIMUM_REPORTS, Period, drift_between, stability_index

distributions = st.lists(st.floats(0, 1), min_size=4, max_size=4).filter(sum).map(lambda p: [x / sum(p) for x in p])


@given(one=distributions, other=distributions)
def test_the_index_is_symmetric_never_negative_and_zero_for_the_same(one, other):
    assert stability_index(one, one) == 0
    assert stability_index(one, other) >= 0
    assert stability_index(one, other) == pytest.approx(stability_index(other, one))


def period(happy: float, *, reports: int = MINIMUM_REPORTS, confidences: tuple[float, ...] = ()) -> Period:
    return Period(reports, 60.0, {"happy": happy, "sad": 1 - happy}, confidences, None)


@pytest.mark.parametrize(("happy", "word"), [(0.5, ""), (0.66, "noticeably"), (0.9, "markedly")])
def test_the_customary_bounds_are_put_in_words(happy, word):
    drift = drift_between(period(0.5), period(happy))
    assert word in drift.warning
    assert bool(drift.warning) == bool(word)
    assert bool(drift.note) == (not word)
    assert drift.confidence_index is None


def test_nothing_is_computed_from_too_few_reports():
    drift = drift_between(period(0.1), period(0.9, reports=MINIMUM_REPORTS - 1))
    assert (drift.label_index, drift.warning) == (None, "")
    assert drift.note
