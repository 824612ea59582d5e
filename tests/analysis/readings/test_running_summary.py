"""The running summary of a room: it agrees with the metrics of whole timelines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.metrics.computing import metrics_compute
from analysis.readings.running_summary import RunningSummary
from ml.modalities import EYE_EMOTION, EYE_GAZE, MODALITIES
from ml.recognizers import RECOGNIZERS
from ml.timeline import UNKNOWN, Observation, Timeline

START_S = 1_764_000_000.0

steps = st.lists(
    st.tuples(
        st.sampled_from(MODALITIES), st.integers(0, 5), st.sampled_from([0.3, 0.6, 0.95]), st.sampled_from([1, 1, 1, 9])
    ),
    max_size=120,
)


@given(steps=steps, questions=st.lists(st.floats(0, 20), max_size=3))
def test_merging_neighbours_changes_no_number(steps, questions):
    summary, plain = RunningSummary(), {key: [] for key in MODALITIES}
    at = dict.fromkeys(MODALITIES, 0)
    for key, label, confidence, gap in steps:
        name = UNKNOWN if key == EYE_GAZE and label == 5 else RECOGNIZERS[key].labels[label]
        start, end = at[key] / 4, (at[key] + 1) / 4
        at[key] += gap
        assert summary.add(key, START_S + start, START_S + end, name, confidence)
        plain[key].append(Observation(start, end, name, confidence))
    duration_s = 40.0
    timelines = {key: Timeline(key, RECOGNIZERS[key].labels, tuple(found)) for key, found in plain.items()}
    expected = metrics_compute(timelines=timelines, questions_s=questions, duration_s=duration_s)
    metrics = summary.metrics(start_s=START_S, now_s=START_S + duration_s, questions_s=questions)
    for key, metric in expected.items():
        assert metrics["values"][key]["value"] == pytest.approx(metric.value, abs=2e-3)
        assert metrics["values"][key]["coverage"] == pytest.approx(metric.coverage, abs=2e-3)
    for key, timeline in timelines.items():
        found = metrics["distributions"][key]
        assert {k: v for k, v in found["counts"].items() if v} == {k: v for k, v in timeline.counts().items() if v}
        assert found["shares"] == pytest.approx(timeline.shares(), abs=2e-3)


def test_readings_before_the_recording_began_are_left_out_of_its_clock():
    summary = RunningSummary()
    summary.add(EYE_EMOTION, START_S - 2, START_S + 1, "fear", 0.9)
    metrics = summary.metrics(start_s=START_S, now_s=START_S + 2)
    assert metrics["at_s"] == 2


def test_a_reading_that_overlaps_an_earlier_one_is_left_out():
    summary = RunningSummary()
    assert summary.add(EYE_GAZE, START_S, START_S + 1, "center", 0.9)
    assert not summary.add(EYE_GAZE, START_S + 0.5, START_S + 1.5, "center", 0.9)
    assert not summary.add(EYE_GAZE, START_S + 2, START_S + 2, "center", 0.9), "and so is an empty one"
    counts = summary.metrics(start_s=START_S, now_s=START_S + 2)["distributions"][EYE_GAZE]["counts"]
    assert counts["center"] == 1


def test_what_could_not_be_recognised_counts_but_is_not_observed():
    summary = RunningSummary()
    summary.add(EYE_GAZE, START_S, START_S + 1, "center", 0.9)
    summary.add(EYE_GAZE, START_S + 1, START_S + 4, UNKNOWN, 0.0)
    gaze = summary.metrics(start_s=START_S, now_s=START_S + 4)["distributions"][EYE_GAZE]
    assert (gaze["observed_s"], gaze["coverage"]) == (1.0, 0.25)
    assert gaze["shares"]["center"] == 1.0
    assert gaze["counts"][UNKNOWN] == 1
