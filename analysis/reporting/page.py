"""The view data of the report page, from the JSON of :func:`analysis.reporting.report.report_build`.

Pure functions of plain data; the template prints the result and the page's scripts draw it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from analysis.models import MetricKey, Modality
from analysis.reasons import gaps_in_words
from analysis.reporting.live_vs_final import live_difference_present
from ml.timeline import UNKNOWN, Timeline

WHAT_IT_MEASURES: Final = {
    MetricKey.ATTENTIVENESS: "Time looking at the center, less half of every look-away of 2 s or more, over the time "
    "in which gaze could be read. Center is the middle of the screen after a gaze calibration, and where the person "
    "usually looks without one.",
    MetricKey.DEEP_THINKING: "After each question: time looking away that follows a signal of surprise, "
    "over the time it could have filled.",
    MetricKey.CONFIDENCE: "Speech that sounded neutral, calm or happy, less speech that overlaps disgust or anger "
    "in face or eyes, over all speech.",
    MetricKey.POTENTIAL_LIE: "Disturbances of the voice of 6 s or more, after calm speech, that face or eyes "
    "accompany with something other than neutral or happy, over all speech. The paper calls it potential lie; no lie "
    "is detected.",
}

OBSERVED_WORDS: Final = {
    Modality.FACIAL_EXPRESSION: "face visible",
    Modality.EYE_EMOTION: "eyes visible",
    Modality.EYE_GAZE: "gaze read",
    Modality.SPEECH_EMOTION: "speech heard",
}

# One tone (a colour and a pattern, see static/css/tokens.css) per emotion, the same for all recognisers' labels.
EMOTION_TONES: Final = {
    "angry": "anger",
    "anger": "anger",
    "disgust": "disgust",
    "fear": "fear",
    "fearful": "fear",
    "happy": "happiness",
    "happiness": "happiness",
    "sad": "sadness",
    "sadness": "sadness",
    "surprise": "surprise",
    "surprised": "surprise",
    "neutral": "neutral",
    "calm": "calm",
}


def report_present(report: Mapping[str, Any], *, timelines: Mapping[str, Timeline] | None = None) -> dict[str, Any]:
    """``modalities`` and ``metrics`` as lists in the report's order, with names, tones and sentences, and ``notes``.

    ``is_relative`` and ``calm`` state whether the distributions are shown relative to the person's baseline.
    ``timelines`` (when they can be read) add the mean probabilities, including the voice's second emotion.
    """
    return {
        "modalities": [
            modality_present(key, report["modalities"][key], timeline=(timelines or {}).get(key))
            for key in Modality.values
            if key in report["modalities"]
        ],
        "metrics": metrics_present(report["metrics"]),
        "notes": report["notes"],
        "people": report["people"],
        "live": live_difference_present(report.get("live")),
        "is_relative": any("relative" in result for result in report["modalities"].values()),
        "calm": calm_present(report["modalities"]),
    }


def calm_present(modalities: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The calm stretches that are used, one per modality that is shown relative to its own; [] while that is off."""
    return [
        {"name": Modality(key).label, "weight": relative["weight"], **relative["calm"]}
        for key, result in modalities.items()
        if (relative := result.get("relative")) and relative["available"]
    ]


def metrics_present(metrics: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The metrics part alone: it is drawn again whenever a question mark changes."""
    return [
        {
            "key": str(key),
            "name": key.label,
            "measures": WHAT_IT_MEASURES[key],
            **metrics[key],
        }
        for key in MetricKey
        if key in metrics
    ]


def live_present() -> dict[str, Any]:
    """The names and tones of the live room, where readings arrive as labels only.

    ``modalities`` and ``metrics`` are lists in the report's order. ``tones`` are by emotion, ``gaze`` (name and tone)
    by area, and ``grid`` holds the nine areas.
    """
    rows = ("top", "center", "bottom")
    columns = ("left", "center", "right")
    areas = ["center" if row == column == "center" else f"{row}_{column}" for row in rows for column in columns]
    gaze = {area: gaze_label_present(area) for area in areas}
    return {
        "modalities": [{"key": str(key), "name": key.label, "observed_word": OBSERVED_WORDS[key]} for key in Modality],
        "metrics": [
            {
                "key": str(key),
                "name": key.label,
                "measures": WHAT_IT_MEASURES[key],
            }
            for key in MetricKey
        ],
        "tones": EMOTION_TONES,
        "gaze": gaze,
        "grid": gaze_grid(gaze.values()),
    }


def modality_present(key: str, result: Mapping[str, Any], *, timeline: Timeline | None) -> dict[str, Any]:
    """``rows`` is the distribution drawn.

    It is relative to the person's baseline where that option is on and possible, with the original ``share_read`` in
    each row; otherwise it is the distribution without a baseline.
    """
    present = gaze_label_present if key == Modality.EYE_GAZE else emotion_label_present
    relative = result.get("relative")
    drawn = relative if relative and relative["available"] else result
    rows = [
        {
            **present(label),
            "count": count,
            "share": drawn["shares"].get(label, 0.0),
            "share_read": result["shares"].get(label, 0.0),
        }
        for label, count in drawn["counts"].items()
    ]
    presented = {
        "key": str(key),
        "name": Modality(key).label,
        "observed_word": OBSERVED_WORDS[Modality(key)],
        **{name: result[name] for name in ("available", "reason", "observed_s", "coverage", "enough", "model")},
        "gaps": [{"name": words, "seconds": seconds} for words, seconds in gaps_in_words(result["gaps_s"])],
        "relative": relative,
        "rows": rows,
        "grid": gaze_grid(rows) if key == Modality.EYE_GAZE else [],
        "mixture": [],
    }
    if key == Modality.SPEECH_EMOTION and timeline is not None:
        presented["mixture"] = [
            {**present(label), "probability": probability} for label, probability in mean_probabilities(timeline)
        ]
    return presented


def emotion_label_present(label: str) -> dict[str, str]:
    return {"label": label, "name": label, "tone": EMOTION_TONES.get(label, "neutral")}


def gaze_label_present(label: str) -> dict[str, str]:
    if label == UNKNOWN:
        return {"label": label, "name": "unknown (blink, eyes not readable)", "tone": "unmeasured"}
    row, column = gaze_area(label)
    tone = {
        (True, True): "gaze-center",
        (False, True): "gaze-away-1",  # up or down
        (True, False): "gaze-away-2",  # to a side
        (False, False): "gaze-away-3",  # to a corner
    }[row == "center", column == "center"]
    return {"label": label, "name": "center" if row == column == "center" else f"{row} {column}", "tone": tone}


def gaze_area(label: str) -> tuple[str, str]:
    """``("top", "left")`` of ``top_left``; a label of one word means the center in the other direction."""
    words = label.replace("/", "_").replace("-", "_").split("_")
    row = next((word for word in words if word in ("top", "bottom")), "center")
    column = next((word for word in words if word in ("left", "right")), "center")
    return row, column


def gaze_grid(rows: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Three rows of three areas from the viewer's side: the candidate's right is on the left."""
    by_area = {gaze_area(row["label"]): row for row in rows if row["label"] != UNKNOWN}
    columns = ("right", "center", "left")
    return [
        [by_area[vertical, column] for column in columns if (vertical, column) in by_area]
        for vertical in ("top", "center", "bottom")
    ]


def mean_probabilities(timeline: Timeline) -> list[tuple[str, float]]:
    """Labels with their mean calibrated probability over the observed time, the greatest first; [] if none was kept."""
    sums = dict.fromkeys(timeline.labels, 0.0)
    observed_s = 0.0
    for observation in timeline.observations:
        if len(observation.probabilities) != len(timeline.labels):
            continue
        observed_s += observation.duration_s
        for label, probability in zip(timeline.labels, observation.probabilities, strict=True):
            sums[label] += probability * observation.duration_s
    if not observed_s:
        return []
    means = [(label, total / observed_s) for label, total in sums.items()]
    return sorted(means, key=lambda item: -item[1])
