"""The smoothing of evidence over the steps of speech."""

import numpy as np
import pytest

from ml.voice.turns import posterior


class TestPosterior:
    def test_one_contrary_step_does_not_change_the_speaker(self):
        evidence = np.array([0.6] * 10 + [-0.6] + [0.6] * 10)
        assert np.all(posterior(evidence, np.full(20, 0.025)) > 0.5)

    def test_a_lasting_change_does(self):
        probability = posterior(np.array([0.6] * 15 + [-0.6] * 15), np.full(29, 0.025))
        assert np.all(probability[:14] > 0.8)
        assert np.all(probability[16:] < 0.2)

    def test_without_evidence_both_stay_as_likely(self):
        assert posterior(np.zeros(5), np.full(4, 0.1)) == pytest.approx(0.5)

    def test_it_is_the_sum_over_all_sequences_of_states(self):
        evidence, change = np.array([0.5, -1.0, 0.3]), np.array([0.1, 0.4])
        likelihood = np.stack([1 / (1 + np.exp(-evidence)), 1 / (1 + np.exp(evidence))], axis=1)
        weights = np.zeros((3, 2))
        for states in np.ndindex(2, 2, 2):
            weight = 0.5 * np.prod([likelihood[i, state] for i, state in enumerate(states)])
            for i in range(2):
                weight *= change[i] if states[i] != states[i + 1] else 1 - change[i]
            for i, state in enumerate(states):
                weights[i, state] += weight
        assert posterior(evidence, change) == pytest.approx(weights[:, 0] / weights.sum(axis=1))
