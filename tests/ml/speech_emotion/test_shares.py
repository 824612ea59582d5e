"""How much each of several networks has to say."""

import numpy as np
import pytest

from ml.speech_emotion import shares

TRUTH = np.arange(400) % 8


def guess(right, seed, sure=0.8):
    """Probabilities (400, 8) that are right in a share of the clips and as sure in the others."""
    random = np.random.default_rng(seed)
    named = np.where(random.random(len(TRUTH)) < right, TRUTH, random.integers(0, 8, len(TRUTH)))
    return np.eye(8)[named] * (sure - (1 - sure) / 7) + (1 - sure) / 7


def test_who_is_right_more_often_has_more_to_say():
    fitted = shares.fit(TRUTH, np.stack([guess(0.8, 1), guess(0.5, 2), guess(0.1, 3)]))
    assert fitted[0] > fitted[1] > 2 * fitted[2] >= 0


def test_together_they_are_right_more_often_than_any_and_as_sure_as_they_are_right():
    fitted = shares.fit(TRUTH, np.stack([guess(0.6, seed) for seed in (1, 2, 3)]))
    mixed = shares.mixed(np.stack([guess(0.6, seed) for seed in (4, 5, 6)]), fitted)
    assert mixed.sum(axis=1) == pytest.approx(1)
    right = mixed.argmax(axis=1) == TRUTH
    assert right.mean() > 0.7
    assert mixed.max(axis=1).mean() == pytest.approx(right.mean(), abs=0.06)


def test_no_share_is_less_than_none():
    backwards = 1 / guess(0.9, 1)
    fitted = shares.fit(TRUTH, np.stack([guess(0.5, 2), backwards / backwards.sum(axis=1, keepdims=True)]))
    assert fitted[1] == 0


def test_one_network_alone_is_heard_as_it_is():
    said = guess(0.5, 1)[np.newaxis]
    assert shares.fit(TRUTH, said) == (1.0,)
    np.testing.assert_array_equal(shares.mixed(said, (1.0,)), said[0])


def test_certainty_that_is_wrong_stays_finite():
    said = np.stack([np.eye(8)[TRUTH], np.eye(8)[(TRUTH + 1) % 8]])
    assert np.isfinite(shares.fit(TRUTH, said)).all()
    assert np.isfinite(shares.mixed(said, (3.0, 2.0))).all()
