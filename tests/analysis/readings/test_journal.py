"""The journal of a room: appended, read again after a restart, and what it adds up to."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.metrics.computing import metrics_compute
from analysis.readings.journal import HOLD_S, Journal, lines
from analysis.readings.running_summary import SoFar
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION, MODALITIES, SPEECH_EMOTION
from ml.recognizers import RECOGNIZERS
from ml.timeline import UNKNOWN, Observation, Timeline

START_S = 1_764_000_000.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "room" / "readings.jsonl"


def test_a_reading_speaks_until_the_next_but_not_for_ever(path: Path):
    journal = Journal(path, {})
    journal.see(FACIAL_EXPRESSION, START_S, "happy", 0.9)
    journal.see(FACIAL_EXPRESSION, START_S + 0.2, "sad", 0.8)
    journal.see(FACIAL_EXPRESSION, START_S + 9, "sad", 0.8)
    journal.see(FACIAL_EXPRESSION, START_S + 9.5, None, 0)
    journal.close()
    spans = [(round(a / 1000 - START_S, 3), round(b / 1000 - START_S, 3), label) for _, a, b, label, _ in lines(path)]
    assert spans == [(0, 0.2, "happy"), (0.2, 0.2 + HOLD_S, "sad"), (9, 9.5, "sad")]


def test_after_a_restart_everything_is_still_there(path: Path):
    first = Journal(path, {"eye_gaze": "geometry-v1"})
    for step in range(50):
        first.see(EYE_GAZE, START_S + step / 10, "center", 0.9)
    first.close()
    before = first.so_far.metrics(start_s=START_S, now_s=START_S + 5)
    second = Journal(path, {"eye_gaze": "geometry-v2"})
    after = second.so_far.metrics(start_s=START_S, now_s=START_S + 5)
    assert after == before
    assert after["distributions"][EYE_GAZE]["counts"]["center"] == 50
    assert second.first_s == START_S
    second.close()
    openings = [json.loads(row) for row in path.read_text().splitlines() if "opened_ms" in row]
    assert [one["models"]["eye_gaze"] for one in openings] == ["geometry-v1", "geometry-v2"]


@given(cut=st.integers(0, 400), garbage=st.binary(max_size=20))
def test_a_torn_journal_loses_only_what_is_torn(tmp_path_factory, cut: int, garbage: bytes):
    path = tmp_path_factory.mktemp("journal") / "readings.jsonl"
    journal = Journal(path, {})
    for step in range(10):
        journal.add(SPEECH_EMOTION, START_S + step, START_S + step + 1, "calm", 0.7)
    journal.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: max(0, len(whole) - cut)] + garbage.replace(b"\n", b""))
    known = len(list(lines(path)))
    again = Journal(path, {})
    again.add(SPEECH_EMOTION, START_S + 20, START_S + 21, "sad", 0.7)
    again.close()
    assert len(list(lines(path))) in (known + 1, known + 2)  # the torn line may have been a whole one


def test_two_tabs_that_overlap_count_once(path: Path):
    journal = Journal(path, {})
    journal.add(EYE_GAZE, START_S, START_S + 1, "center", 0.9)
    journal.add(EYE_GAZE, START_S + 0.5, START_S + 1.5, "center", 0.9)
    journal.close()
    assert len(list(lines(path))) == 1


def test_nothing_is_read_where_there_is_no_journal(path: Path):
    assert list(lines(path)) == []


steps = st.lists(
    st.tuples(
        st.sampled_from(MODALITIES), st.integers(0, 5), st.sampled_from([0.3, 0.6, 0.95]), st.sampled_from([1, 1, 1, 9])
    ),
    max_size=120,
)


@given(steps=steps, questions=st.lists(st.floats(0, 20), max_size=3))
def test_merging_neighbours_changes_no_number(steps, questions):
    so_far, plain = SoFar(), {key: [] for key in MODALITIES}
    at = dict.fromkeys(MODALITIES, 0)
    for key, label, confidence, gap in steps:
        name = UNKNOWN if key == EYE_GAZE and label == 5 else RECOGNIZERS[key].labels[label]
        start, end = at[key] / 4, (at[key] + 1) / 4
        at[key] += gap
        assert so_far.add(key, START_S + start, START_S + end, name, confidence)
        plain[key].append(Observation(start, end, name, confidence))
    duration_s = 40.0
    timelines = {key: Timeline(key, RECOGNIZERS[key].labels, tuple(found)) for key, found in plain.items()}
    expected = metrics_compute(timelines=timelines, questions_s=questions, duration_s=duration_s)
    metrics = so_far.metrics(start_s=START_S, now_s=START_S + duration_s, questions_s=questions)
    for key, metric in expected.items():
        assert metrics["values"][key]["value"] == pytest.approx(metric.value, abs=2e-3)
        assert metrics["values"][key]["coverage"] == pytest.approx(metric.coverage, abs=2e-3)
    for key, timeline in timelines.items():
        found = metrics["distributions"][key]
        assert {k: v for k, v in found["counts"].items() if v} == {k: v for k, v in timeline.counts().items() if v}
        assert found["shares"] == pytest.approx(timeline.shares(), abs=2e-3)


def test_readings_before_the_recording_began_are_left_out_of_its_clock():
    so_far = SoFar()
    so_far.add(EYE_EMOTION, START_S - 2, START_S + 1, "fear", 0.9)
    metrics = so_far.metrics(start_s=START_S, now_s=START_S + 2)
    assert metrics["at_s"] == 2
