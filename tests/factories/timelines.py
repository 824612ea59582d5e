"""Timelines written as intervals, and the metrics of them."""

from analysis.metrics.computing import metrics_compute
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION, SPEECH_EMOTION
from ml.timeline import Observation, Timeline

LABELS = {
    FACIAL_EXPRESSION: ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"),
    EYE_EMOTION: ("anger", "disgust", "fear", "happiness", "sadness", "surprise"),
    EYE_GAZE: (
        *("top_left", "top_center", "top_right", "center_left", "center", "center_right"),
        *("bottom_left", "bottom_center", "bottom_right"),
    ),
    SPEECH_EMOTION: ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"),
}


def timelines_of(**intervals):
    """Timelines given as ``modality=[(start, end, label) or (start, end, label, confidence)]``."""
    return {
        key: Timeline(
            key,
            LABELS[key],
            tuple(Observation(start, end, label, *(rest or [0.9])) for start, end, label, *rest in rows),
        )
        for key, rows in intervals.items()
    }


def compute(duration_s, questions_s=(), **intervals):
    return metrics_compute(timelines=timelines_of(**intervals), questions_s=questions_s, duration_s=duration_s)


def stretches(metric):
    return [(round(e.start_s, 3), round(e.end_s, 3), e.kind) for e in metric.evidence]
