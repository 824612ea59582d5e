"""Windows of three seconds over speech, and the sound under them."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.voice.windows import MIN_SPEECH_S, WINDOW_S, SoundBuffer, Window, WindowPlanner


def planned(*spans):
    planner = WindowPlanner()
    for span in spans:
        planner.add(span)
    return list(planner.take())


class TestWindowPlanner:
    def test_long_speech_is_cut_every_three_seconds(self):
        assert planned((1, 8.5)) == [Window(1, ((1, 4),)), Window(4, ((4, 7),)), Window(7, ((7, 8.5),))]

    def test_a_window_begins_with_speech_and_reaches_over_short_pauses(self):
        assert planned((1, 2), (2.5, 3.5), (6, 8)) == [Window(1, ((1, 2), (2.5, 3.5))), Window(6, ((6, 8),))]

    def test_speech_across_the_border_is_shared_between_two_windows(self):
        assert planned((1, 2), (3, 6)) == [Window(1, ((1, 2), (3, 4))), Window(4, ((4, 6),))]

    def test_a_window_with_less_than_a_second_of_speech_is_left_out(self):
        assert planned((1, 1.9), (10, 11)) == [Window(10, ((10, 11),))]

    def test_a_window_waits_until_its_speech_is_known(self):
        planner = WindowPlanner()
        planner.add((1, 2.5))
        assert list(planner.take(3.9)) == []
        planner.add((2.5, 3.8))
        assert list(planner.take(4.0)) == [Window(1, ((1, 3.8),))]
        assert planner.next_start_s is None

    @given(
        st.lists(st.tuples(st.integers(0, 50), st.integers(1, 60)), max_size=20),
        st.lists(st.integers(0, 1200), max_size=10),
    )
    @settings(deadline=None)
    def test_windows_never_overlap_and_do_not_depend_on_when_speech_becomes_known(self, rows, stops):
        spans, at = [], 0
        for hole, length in rows:
            spans.append(((at + hole) / 10, (at + hole + length) / 10))
            at += hole + length
        whole = planned(*spans)
        for before, after in itertools.pairwise(whole):
            assert before.start_s + WINDOW_S <= after.start_s + 1e-9
        for window in whole:
            assert window.speech[0][0] == window.start_s
            assert MIN_SPEECH_S - 1e-9 <= window.speech_s <= WINDOW_S + 1e-9

        planner, piecewise, known = WindowPlanner(), [], 0.0
        for stop_s in [stop / 10 for stop in sorted(stops)]:
            for start_s, end_s in spans:
                if start_s < stop_s and end_s > known:
                    planner.add((max(start_s, known), min(end_s, stop_s)))
            known = max(known, stop_s)
            piecewise += planner.take(known)
        for start_s, end_s in spans:
            if end_s > known:
                planner.add((max(start_s, known), end_s))
        piecewise += planner.take()
        assert piecewise == whole


class TestSoundBuffer:
    def test_reads_by_time_across_pieces(self):
        buffer = SoundBuffer(10)
        buffer.add(0.0, np.arange(10, dtype=np.float32))
        buffer.add(1.0, np.arange(10, 20, dtype=np.float32))
        assert buffer.read(0.8, 4).tolist() == [8, 9, 10, 11]

    def test_what_was_not_recorded_reads_as_silence(self):
        buffer = SoundBuffer(10)
        buffer.add(0.0, np.ones(5, np.float32))
        buffer.add(1.0, np.full(5, 2, np.float32))
        assert buffer.read(-0.2, 14).tolist() == [0] * 2 + [1] * 5 + [0] * 5 + [2] * 2

    def test_forgets_only_what_lies_wholly_before(self):
        buffer = SoundBuffer(10)
        buffer.add(0.0, np.ones(10, np.float32))
        buffer.add(1.0, np.ones(10, np.float32))
        buffer.forget_before(1.0)
        assert buffer.read(0.5, 10).tolist() == [0] * 5 + [1] * 5
        buffer.forget_before(1.5)
        assert buffer.read(1.0, 1) == pytest.approx([1])
