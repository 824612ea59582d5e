"""The correction of probabilities for class priors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.artifacts import find
from ml.class_prior import ClassPrior

PRIOR = ClassPrior(training=(0.5, 0.3, 0.2), use=(0.1, 0.1, 0.8), source="a survey")
shares = st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3).map(lambda raw: tuple(x / sum(raw) for x in raw))


def test_a_sample_that_says_nothing_has_the_prior_of_use():
    assert PRIOR.corrected(PRIOR.training) == pytest.approx(PRIOR.use)


def test_the_correction_multiplies_odds_by_the_ratio_of_the_priors():
    before, after = (0.6, 0.3, 0.1), PRIOR.corrected((0.6, 0.3, 0.1))
    assert sum(after) == pytest.approx(1)
    assert after[0] / after[2] == pytest.approx(before[0] / before[2] * (0.1 / 0.5) / (0.8 / 0.2))


@given(training=shares, use=shares, probabilities=shares)
def test_the_correction_is_undone_by_the_opposite_one(training, use, probabilities):
    there = ClassPrior(training, use, "").corrected(probabilities)
    assert ClassPrior(use, training, "").corrected(there) == pytest.approx(probabilities, abs=1e-6)


def test_it_survives_json():
    assert ClassPrior.from_json(PRIOR.to_json()) == PRIOR


@pytest.mark.parametrize(
    ("change", "phrase"),
    [({"use": [0.5, 0.4, 0.4]}, "sum to 1"), ({"use": None}, "lacks"), ({"training": [1.5, -0.5, 0.0]}, "shares")],
)
def test_what_is_no_prior_is_refused(change, phrase):
    with pytest.raises(ValueError, match=phrase):
        ClassPrior.from_json(PRIOR.to_json() | change)


@pytest.mark.parametrize("version", ["compact-v2", "compact-v1", "paper-v1"])
def test_the_shipped_versions_of_facial_expression_assume_conversation(version):
    manifest = find("facial_expression", version).manifest
    use = dict(zip(manifest.labels, manifest.class_prior.use, strict=True))
    assert use["neutral"] == max(use.values()) == pytest.approx(6436 / 13708, abs=1e-3)
    assert sum(manifest.class_prior.training) == pytest.approx(1, abs=0.01)
