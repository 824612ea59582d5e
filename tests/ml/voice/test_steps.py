"""The steps of speech."""

import numpy as np
import pytest

from ml.voice.steps import Steps


def test_segments_are_divided_in_steps_of_a_tenth_of_a_second():
    steps = Steps.of([(1.0, 1.5), (2.0, 2.05)])
    assert steps.segment.tolist() == [0] * 5 + [1]
    assert steps.starts_s == pytest.approx([1.0, 1.1, 1.2, 1.3, 1.4, 2.0])
    assert steps.ends_s[-1] == pytest.approx(2.05)
    assert steps.lengths_s.sum() == pytest.approx(0.55)


def test_a_block_is_a_segment_or_four_seconds_of_it():
    blocks = Steps.of([(0.0, 1.0), (2.0, 12.0)]).blocks()
    assert np.bincount(blocks).tolist() == [10, 40, 40, 20]


def test_without_speech_there_are_none():
    steps = Steps.of([])
    assert steps.middles_s.size == 0
    assert steps.blocks().size == 0


def test_every_step_knows_its_segment():
    begin_s, end_s = Steps.of([(1.0, 1.2), (2.0, 2.3)]).segments
    assert begin_s == pytest.approx([1.0, 1.0, 2.0, 2.0, 2.0])
    assert end_s == pytest.approx([1.2, 1.2, 2.3, 2.3, 2.3])
