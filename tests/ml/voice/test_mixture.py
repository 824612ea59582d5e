"""Gaussian mixtures: estimation and adaptation."""

import numpy as np
import pytest

from ml.voice.mixture import RELEVANCE, estimate


@pytest.fixture(scope="module")
def two_clouds():
    rng = np.random.default_rng(3)
    return np.concatenate([rng.normal(-2, 0.5, (300, 2)), rng.normal(2, 0.5, (100, 2))])


def test_a_mixture_of_two_clouds_has_their_means_and_weights(two_clouds):
    mixture = estimate(two_clouds, 2)
    order = np.argsort(mixture.means[:, 0])
    assert mixture.means[order] == pytest.approx(np.array([[-2, -2], [2, 2]]), abs=0.15)
    assert mixture.weights[order] == pytest.approx([0.75, 0.25], abs=0.02)
    assert mixture.responsibilities(two_clouds).sum(axis=1) == pytest.approx(1)


def test_the_same_frames_give_the_same_mixture(two_clouds):
    assert np.array_equal(estimate(two_clouds, 3).means, estimate(two_clouds, 3).means)


def test_adaptation_moves_the_means_by_as_much_as_there_are_frames(two_clouds):
    mixture = estimate(two_clouds, 2)
    counts = np.array([0.0, RELEVANCE])
    adapted = mixture.adapted(counts, counts[:, np.newaxis] * (mixture.means + 1))
    assert adapted.means[0] == pytest.approx(mixture.means[0])
    assert adapted.means[1] == pytest.approx(mixture.means[1] + 0.5)
