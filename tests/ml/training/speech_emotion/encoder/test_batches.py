"""Batches: how many of each corpus, how likely each emotion, and mixup."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.speech_emotion.labels import LABELS
from ml.training.speech_emotion.encoder.batches import SMOOTHING, BalancedBatches, CorpusStates, targets


def source(*, truth, count, indices=None, copies=2, mark=0.0):
    """States that hold ``mark`` and the number of their copy and clip."""
    states = np.zeros((copies, len(truth), 3, 3), np.float16)
    states[..., 0] = mark
    states[..., 1] = np.arange(copies)[:, np.newaxis, np.newaxis]
    states[..., 2] = np.arange(len(truth))[:, np.newaxis]
    indices = np.arange(len(truth)) if indices is None else indices
    return CorpusStates(states, indices, targets(np.array(truth)), count)


def plain(batches, epochs=range(1, 9)):
    """The inputs and targets of the batches that are not mixed up."""
    for number in epochs:
        for inputs, wanted, weights in batches.epoch(number):
            assert weights is None
            if (inputs == inputs.round()).all():
                yield inputs, wanted


@settings(deadline=None)
@given(st.lists(st.integers(-1, 7), min_size=1, max_size=20))
def test_targets_sum_to_one_and_are_highest_at_the_label(truth):
    rows = targets(np.array(truth))
    assert rows.shape == (len(truth), 8)
    assert rows.sum(axis=1) == pytest.approx(np.ones(len(truth)), abs=1e-6)
    assert rows.min() == pytest.approx(SMOOTHING / 8)
    for row, label in zip(rows, truth, strict=True):
        if label >= 0:
            assert row[label] == pytest.approx(1 - SMOOTHING * 7 / 8)


def test_ordinary_talk_is_neutral_or_calm():
    (row,) = targets(np.array([-1]))
    rest = SMOOTHING / 8
    assert row[LABELS.index("neutral")] == pytest.approx(0.6 * (1 - SMOOTHING) + rest)
    assert row[LABELS.index("calm")] == pytest.approx(0.4 * (1 - SMOOTHING) + rest)
    assert np.sort(row)[:6] == pytest.approx(np.full(6, rest))


def test_a_batch_holds_its_count_of_each_corpus():
    sources = [source(truth=[0, 1], count=5, mark=1), source(truth=[2], count=3, mark=2)]
    batches = BalancedBatches(sources, steps=10, seed=0)
    found = list(batches.epoch(1))
    assert len(found) == batches.steps == 10
    assert {inputs.shape for inputs, _, _ in found} == {(8, 3, 3)}
    for inputs, _ in plain(batches):
        assert np.bincount(inputs[:, 0, 0].astype(int)).tolist() == [0, 5, 3]


def test_every_emotion_of_a_corpus_is_as_likely_as_every_other():
    batches = BalancedBatches([source(truth=[0] * 2 + [3] * 30, count=64)], steps=20, seed=0)
    drawn = np.concatenate([wanted.argmax(axis=1) for _, wanted in plain(batches)])
    assert set(drawn) == {0, 3}
    assert (drawn == 0).mean() == pytest.approx(0.5, abs=0.04)


def test_only_the_chosen_clips_are_drawn_from_all_of_their_copies():
    truth = [0, 1, 2, 3]
    batches = BalancedBatches([source(truth=truth, count=32, indices=np.array([1, 3]), copies=3)], steps=8, seed=0)
    seen = {(int(row[0, 1]), int(row[0, 2])) for inputs, _ in plain(batches) for row in inputs}
    assert seen == {(copy, clip) for copy in range(3) for clip in (1, 3)}
    for inputs, wanted in plain(batches):
        assert wanted.argmax(axis=1).tolist() == inputs[:, 0, 2].astype(int).tolist()


def test_the_same_seed_and_epoch_give_the_same_batches():
    def drawn(seed, number):
        batches = BalancedBatches([source(truth=[0, 1, 2], count=4)], steps=3, seed=seed)
        return np.concatenate([np.concatenate([i.ravel(), w.ravel()]) for i, w, _ in batches.epoch(number)])

    np.testing.assert_array_equal(drawn(1, 2), drawn(1, 2))
    assert not np.array_equal(drawn(1, 2), drawn(1, 3))
    assert not np.array_equal(drawn(1, 2), drawn(2, 2))


def test_half_of_the_batches_are_mixed_up_with_their_targets():
    """One corpus of marks 0 and 8, whose emotions say which: whatever is mixed is mixed alike on both sides."""
    zero, eight = source(truth=[0], count=4), source(truth=[1], count=4, mark=8)
    batches = BalancedBatches([zero, eight], steps=60, seed=0)
    mixed = 0
    for inputs, wanted, _ in batches.epoch(1):
        assert inputs.dtype == np.float32
        assert wanted.sum(axis=1) == pytest.approx(np.ones(8), abs=1e-5)
        low, high = targets(np.array([0, 1]))
        share = inputs[:, 0, 0] / 8
        expected = (1 - share)[:, np.newaxis] * low + share[:, np.newaxis] * high
        assert wanted == pytest.approx(expected, abs=1e-4)
        mixed += bool(((share > 0) & (share < 1)).any())
    assert mixed == pytest.approx(30, abs=10)
