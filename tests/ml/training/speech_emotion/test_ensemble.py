"""Pooling the members of an ensemble."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ml.training.speech_emotion.ensemble import geometric_mean


def test_a_single_member_is_unchanged():
    rows = np.array([[[0.2, 0.8], [1.0, 0.0]]])
    assert geometric_mean(rows) == pytest.approx(rows[0])


def test_two_members_give_their_geometric_mean():
    pooled = geometric_mean(np.array([[[0.9, 0.1]], [[0.4, 0.6]]]))
    expected = np.sqrt([0.9 * 0.4, 0.1 * 0.6])
    assert pooled[0] == pytest.approx(expected / expected.sum())


def test_a_member_that_rules_a_class_out_does_not_decide_alone():
    pooled = geometric_mean(np.array([[[1.0, 0.0]], [[0.0, 1.0]]]))
    assert pooled[0] == pytest.approx([0.5, 0.5])


@given(arrays.arrays(np.float64, (3, 4, 8), elements=st.floats(0, 1)))
def test_pooled_probabilities_sum_to_one(values):
    rows = values + 1e-3
    assert geometric_mean(rows / rows.sum(axis=2, keepdims=True)).sum(axis=1) == pytest.approx(np.ones(4))
