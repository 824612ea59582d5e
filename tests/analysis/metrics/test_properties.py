"""What holds for the metrics of any recording."""

import json
from dataclasses import asdict, replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.metrics.computing import metrics_compute
from analysis.metrics.definitions import METRICS
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION, SPEECH_EMOTION
from ml.timeline import UNKNOWN, Observation, Timeline

LABELS = {
    FACIAL_EXPRESSION: ("angry", "happy", "sad", "surprise", "neutral"),
    EYE_EMOTION: ("anger", "happiness", "sadness", "surprise"),
    EYE_GAZE: ("center", "center_left", "top_right"),
    SPEECH_EMOTION: ("neutral", "calm", "sad", "angry"),
}
STEPS = st.sampled_from([0, 1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60, 70])  # tenths of a second


@st.composite
def timeline(draw, modality):
    labels = [*LABELS[modality], *([UNKNOWN] if modality == EYE_GAZE else [])]
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from([0, 0, 0, 0, 1, 4, 5, 9]),
                STEPS,
                st.sampled_from(labels),
                st.sampled_from([0.3, 0.49, 0.5, 0.9]),
            ),
            min_size=5,
            max_size=30,
        )
    )
    observations, at = [], 0
    for hole, length, label, confidence in rows:
        at += hole
        observations.append(Observation(at / 10, (at + length) / 10, label, confidence))
        at += length
    return Timeline(modality, LABELS[modality], tuple(observations))


quickly = settings(deadline=None, max_examples=60)

recordings = st.fixed_dictionaries({key: timeline(key) for key in LABELS})
marks = st.lists(st.integers(-10, 300).map(lambda tenths: tenths / 10), max_size=5)
durations = st.sampled_from([0.0, 0.1, 10.0, 15.0, 20.0, 30.0])


@given(recordings, marks, durations)
@quickly
def test_values_and_evidence_stay_inside_their_bounds(timelines, questions_s, duration_s):
    metrics = metrics_compute(timelines=timelines, questions_s=questions_s, duration_s=duration_s)
    assert tuple(metrics) == METRICS
    for key, metric in metrics.items():
        assert metric.key == key
        assert metric.coverage is not None
        assert 0 <= metric.coverage <= 1
        if metric.value is None:
            assert metric.reason
            assert metric.evidence == ()
        else:
            assert 0 <= metric.value <= 1
            assert metric.reason == ""
        for evidence in metric.evidence:
            assert 0 <= evidence.start_s < evidence.end_s <= duration_s
            assert evidence.text
    json.dumps([asdict(metric) for metric in metrics.values()], allow_nan=False)


@given(recordings, durations)
@quickly
def test_the_evidence_of_attentiveness_lists_all_time_away_once(timelines, duration_s):
    metric = metrics_compute(timelines=timelines, questions_s=[], duration_s=duration_s)["attentiveness"]
    listed = sorted(span for e in metric.evidence for span in e.spans or [(e.start_s, e.end_s)])
    assert all(one[1] <= other[0] for one, other in pairwise(listed))
    for o in timelines[EYE_GAZE].observations if metric.value is not None else ():
        end_s = min(o.end_s, duration_s)
        inside = any(start_s <= o.start_s and end_s <= stop_s for start_s, stop_s in listed)
        if o.is_observed and o.start_s < end_s:
            assert inside == (o.label != "center")


@given(recordings, marks, durations)
@quickly
def test_face_and_eye_readings_below_the_confidence_that_counts_never_matter(timelines, questions_s, duration_s):
    counted = {
        key: replace(timeline, observations=tuple(o for o in timeline.observations if o.confidence >= 0.5))
        if key in (FACIAL_EXPRESSION, EYE_EMOTION)
        else timeline
        for key, timeline in timelines.items()
    }
    every = metrics_compute(timelines=timelines, questions_s=questions_s, duration_s=duration_s)
    only = metrics_compute(timelines=counted, questions_s=questions_s, duration_s=duration_s)
    for key, metric in every.items():
        # Weak readings are coverage, and end an episode of surprise; they are never evidence.
        if key != "deep_thinking" and only[key].value is not None:
            assert only[key].evidence == metric.evidence


def halved(timeline):
    halves = []
    for o in timeline.observations:
        middle_s = (o.start_s + o.end_s) / 2
        halves += [
            Observation(o.start_s, middle_s, o.label, o.confidence),
            Observation(middle_s, o.end_s, o.label, o.confidence),
        ]
    return Timeline(timeline.modality, timeline.labels, tuple(halves))


@given(recordings, marks, durations)
@quickly
def test_how_finely_a_recording_was_sampled_changes_nothing(timelines, questions_s, duration_s):
    whole = metrics_compute(timelines=timelines, questions_s=questions_s, duration_s=duration_s)
    finer = {key: halved(timeline) for key, timeline in timelines.items()}
    split = metrics_compute(timelines=finer, questions_s=questions_s, duration_s=duration_s)
    for key, metric in whole.items():
        assert split[key].value == (None if metric.value is None else pytest.approx(metric.value, abs=1e-6))
        assert [e.text for e in split[key].evidence] == [e.text for e in metric.evidence]


@given(recordings, marks, durations, st.floats(0, 60))
@quickly
def test_a_question_mark_changes_deep_thinking_alone(timelines, questions_s, duration_s, another_s):
    before = metrics_compute(timelines=timelines, questions_s=questions_s, duration_s=duration_s)
    after = metrics_compute(timelines=timelines, questions_s=[*questions_s, another_s], duration_s=duration_s)
    assert {key for key in METRICS if before[key] != after[key]} <= {"deep_thinking"}


@given(recordings, marks, st.randoms())
@quickly
def test_the_order_of_question_marks_does_not_matter(timelines, questions_s, random):
    shuffled = list(questions_s)
    random.shuffle(shuffled)
    assert metrics_compute(timelines=timelines, questions_s=shuffled, duration_s=20) == metrics_compute(
        timelines=timelines, questions_s=questions_s, duration_s=20
    )


@given(recordings, marks)
@quickly
def test_the_stored_timeline_gives_the_same_metrics(timelines, questions_s):
    stored = {key: Timeline.from_json(key, json.loads(json.dumps(t.to_json()))) for key, t in timelines.items()}
    assert metrics_compute(timelines=stored, questions_s=questions_s, duration_s=20) == metrics_compute(
        timelines=timelines, questions_s=questions_s, duration_s=20
    )


@given(timeline(EYE_GAZE))
@quickly
def test_attentiveness_agrees_with_a_frame_by_frame_count(gaze):
    """The same definition computed in the plainest way: on a grid of tenths of a second."""
    duration_s = max([o.end_s for o in gaze.observations], default=0.0)
    metric = metrics_compute(timelines={EYE_GAZE: gaze}, questions_s=[], duration_s=duration_s)["attentiveness"]
    grid = ["" for _ in range(round(duration_s * 10))]
    for o in gaze.observations:
        for tenth in range(round(o.start_s * 10), round(o.end_s * 10)):
            grid[tenth] = o.label
    observed = [label for label in grid if label and label != UNKNOWN]
    if not grid or len(observed) < 0.4 * len(grid):
        assert metric.value is None
        return
    prolonged, start, hole = 0, None, []
    for tenth, label in enumerate([*grid, "center"]):
        if label in ("", UNKNOWN):
            hole.append(label)
            continue
        longest_blink = max(map(len, "".join("u" if h else " " for h in hole).split()), default=0)
        bridged = len(hole) < 5 and longest_blink < 4
        if start is not None and (label == "center" or not bridged):
            end = tenth - len(hole)
            prolonged += end - start if end - start >= 20 else 0
            start = None
        if label != "center" and start is None:
            start = tenth
        hole = []
    expected = max(0.0, observed.count("center") - 0.5 * prolonged) / len(observed)
    assert metric.value == pytest.approx(expected)


@given(recordings)
@quickly
def test_confidence_agrees_with_a_frame_by_frame_count(timelines):
    metric = metrics_compute(timelines=timelines, questions_s=[], duration_s=20.0)["confidence"]

    def grid(key, least=0.0):
        labels = [""] * 200
        for o in timelines[key].observations:
            for tenth in range(round(o.start_s * 10), min(200, round(o.end_s * 10))):
                labels[tenth] = o.label if o.confidence >= least else "weak"
        return labels

    speech, face, eyes = grid(SPEECH_EMOTION), grid(FACIAL_EXPRESSION, 0.5), grid(EYE_EMOTION, 0.5)
    spoken = [tenth for tenth in range(200) if speech[tenth]]
    seen = max(sum(map(bool, face)), sum(map(bool, eyes)))
    if len(spoken) < 100 or seen < 80:
        assert metric.value is None
        return
    steady = sum(speech[tenth] in ("neutral", "calm") for tenth in spoken)
    undesired = sum(face[tenth] == "angry" or eyes[tenth] == "anger" for tenth in spoken)
    assert metric.value == pytest.approx(max(0, steady - undesired) / len(spoken))
