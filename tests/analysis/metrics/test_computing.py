"""What the four metrics have in common."""

import json
import subprocess
import sys
import time

import pytest

from analysis.metrics.computing import metrics_compute
from analysis.metrics.definitions import METRICS, V1
from tests.factories.timelines import compute, timelines_of


def test_a_recording_without_anything_gives_four_reasons():
    metrics = compute(0)
    assert tuple(metrics) == METRICS
    assert all(metric.value is None and metric.reason for metric in metrics.values())


def test_evidence_is_ordered_by_time():
    speech = [(0, 3, "sad"), (3, 12, "calm"), (12, 14, "sad")]
    face = [(0, 5, "neutral"), (5, 6, "angry"), (6, 20, "neutral")]
    evidence = compute(20, speech_emotion=speech, facial_expression=face)["confidence"].evidence
    assert [e.kind for e in evidence] == ["unsteady", "undesired", "unsteady"]


def test_a_definition_cannot_be_changed_in_place():
    with pytest.raises(AttributeError):
        V1.gap_s = 1.0


def test_the_time_to_recompute_grows_linearly_with_the_recording():
    def spent_s(minutes):
        def frames(label_of):
            return [(i / 10, (i + 1) / 10, label_of(i), 0.9) for i in range(600 * minutes)]

        timelines = timelines_of(
            eye_gaze=frames(lambda i: "center" if i % 60 < 30 else "top_left"),
            facial_expression=frames(lambda i: "surprise" if i % 300 < 10 else "angry" if i % 7 else "neutral"),
            eye_emotion=frames(lambda i: "anger" if i % 11 else "sadness"),
            speech_emotion=[(3 * i, 3 * i + 2.8, "sad" if i % 9 > 5 else "calm") for i in range(20 * minutes)],
        )
        duration_s = 60 * minutes

        def once():
            started = time.process_time()
            metrics = metrics_compute(timelines=timelines, questions_s=range(5, duration_s, 60), duration_s=duration_s)
            assert all(metric.value is not None for metric in metrics.values())
            return time.process_time() - started

        return min(once() for _ in range(3))

    # Four times the length: linear work takes four times as long, quadratic work sixteen times.
    assert spent_s(120) / spent_s(30) < 8


def test_computing_metrics_loads_nothing_beyond_the_standard_library():
    code = (
        "import sys, json, analysis.metrics.computing;"
        "print(json.dumps([m for m in ('numpy', 'django', 'cv2', 'av') if m in sys.modules]))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(found) == []
