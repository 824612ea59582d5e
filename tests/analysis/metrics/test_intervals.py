"""Episodes and groups of observations."""

import pytest

from analysis.metrics.intervals import at_least, clip, form_episodes, group
from ml.timeline import UNKNOWN, Observation, Timeline


def test_spans_with_a_gap_stay_apart():
    assert group([(0.0, 1.0), (1.4, 2.0), (2.5, 3.0)], gap_s=0.5) == [[(0.0, 1.0), (1.4, 2.0)], [(2.5, 3.0)]]


def test_a_timeline_is_cut_at_the_end_of_the_recording():
    observations = (Observation(0.0, 2.0, "a", 0.9), Observation(2.0, 4.0, "a", 0.9), Observation(4.0, 5.0, "a", 0.9))
    assert [(o.start_s, o.end_s) for o in clip(Timeline("m", ("a",), observations), 3.0)] == [(0.0, 2.0), (2.0, 3.0)]


@pytest.mark.parametrize(
    ("between", "count"),
    [
        ([], 1),
        ([(1.0, 1.3, UNKNOWN)], 1),
        ([(1.0, 1.4, UNKNOWN)], 2),
        ([(1.0, 1.2, UNKNOWN), (1.2, 1.4, UNKNOWN)], 2),
        ([(1.0, 1.1, "b")], 2),
    ],
)
def test_blinks_are_bridged_and_other_labels_end_an_episode(between, count):
    rows = [(0.0, 1.0, "a"), *between, (1.4, 2.0, "a")]
    observations = [Observation(start, end, label, 0.9) for start, end, label in rows]
    episodes = form_episodes(observations, lambda o: o.label == "a", blink_s=0.4, gap_s=0.5)
    assert len(episodes) == count
    assert sum(episode.observed_s for episode in episodes) == pytest.approx(1.6)


def test_a_limit_is_reached_within_the_rounding_of_floats():
    assert at_least(0.1 + 0.2, 0.3)
    assert at_least(0.3 - 1e-9, 0.3)
    assert not at_least(0.299, 0.3)
