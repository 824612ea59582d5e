"""The view data of the report page, from the JSON of :func:`analysis.reporting.report.report_build`.

Pure functions of plain data; the template prints the result and the page's scripts draw it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from analysis.models import MetricKey, Modality
from analysis.reasons import GAP_SHOWN_S, GAP_WORDS
from analysis.reporting.emotions import EMOTION_TONES, emotion_name
from analysis.reporting.live_vs_final import live_difference_present
from interviews.policy import Decision
from ml.timeline import UNKNOWN

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

DIFFER_NOTICED: Final = 0.2
"""From this share of the time on, the report says that face and eyes were read as different emotions."""

OBSERVED_WORDS: Final = {
    Modality.FACIAL_EXPRESSION: "face visible",
    Modality.EYE_EMOTION: "eyes visible",
    Modality.EYE_GAZE: "gaze read",
    Modality.SPEECH_EMOTION: "speech heard",
}


def report_present(report: Mapping[str, Any], *, summary: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """``modalities`` and ``metrics`` as lists in the report's order, with names, tones and sentences, and ``notes``.

    ``is_relative`` and ``calm`` state whether the distributions are shown relative to the person's baseline.
    ``summary`` (:mod:`analysis.reporting.timeline_summary`, where the timelines can be read) adds the mean
    probabilities of the voice and how far face and eyes agree.
    """
    summary = summary or {}
    return {
        "modalities": [
            modality_present(
                key,
                report["modalities"][key],
                mixture=summary.get("mixture", ()) if key == Modality.SPEECH_EMOTION else (),
            )
            for key in Modality.values
            if key in report["modalities"]
        ],
        "metrics": metrics_present(report["metrics"]),
        "notes": report["notes"],
        "people": report["people"],
        "live": live_difference_present(report.get("live")),
        "is_relative": any("relative" in result for result in report["modalities"].values()),
        "calm": calm_present(report["modalities"]),
        "face_and_eyes": disagreement_present(summary.get("face_and_eyes")),
    }


def disagreement_present(found: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """How face and eyes were read, where they differ for a noticeable part of the time; None where they do not."""
    if found is None or found["same"] > 1 - DIFFER_NOTICED or not found["face"]:
        return None
    return {**found, "face": emotion_name(found["face"]), "eyes": emotion_name(found["eyes"])}


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


def live_present(policy: Decision) -> dict[str, Any]:
    """The names and tones of the live room, where readings arrive as labels only, for what ``policy`` allows.

    ``modalities`` and ``metrics`` are lists in the report's order. ``emotions`` (name and tone) are by label, ``gaze``
    by area, and ``grid`` holds the nine areas.
    """
    rows = ("top", "center", "bottom")
    columns = ("left", "center", "right")
    areas = ["center" if row == column == "center" else f"{row}_{column}" for row in rows for column in columns]
    gaze = {area: gaze_label_present(area) for area in areas}
    return {
        "modalities": [
            {"key": str(key), "name": key.label, "observed_word": OBSERVED_WORDS[key]}
            for key in Modality
            if policy.allows(key)
        ],
        "metrics": [
            {
                "key": str(key),
                "name": key.label,
                "measures": WHAT_IT_MEASURES[key],
            }
            for key in MetricKey
            if policy.allows(key)
        ],
        "emotions": {label: emotion_label_present(label) for label in EMOTION_TONES},
        "gaze": gaze,
        "grid": gaze_grid(gaze.values()),
    }


def modality_present(
    key: str, result: Mapping[str, Any], *, mixture: Iterable[tuple[str, float]] = ()
) -> dict[str, Any]:
    """``rows`` is the distribution drawn, ``mixture`` the mean probabilities, the greatest first.

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
    return {
        "key": str(key),
        "name": Modality(key).label,
        "observed_word": OBSERVED_WORDS[Modality(key)],
        **{name: result[name] for name in ("available", "reason", "observed_s", "coverage", "enough", "model")},
        "class_prior": _prior_present(result["class_prior"]),
        "gaps": gaps_present(result["gaps_s"]),
        "relative": relative,
        "rows": rows,
        "never": [row["name"] for row in rows if not row["count"] and not row["share"]],
        "grid": gaze_grid(rows) if key == Modality.EYE_GAZE else [],
        "mixture": [{**present(label), "probability": probability} for label, probability in mixture],
    }


def _prior_present(prior: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The share of faces that show nothing, in training and in use."""
    if prior is None:
        return None
    label = next(label for label in prior["use"] if EMOTION_TONES[label] == "neutral")
    return {when: prior[when][label] for when in ("training", "use")}


def gaps_present(gaps_s: Mapping[str, float]) -> list[dict[str, Any]]:
    """The reasons of unread seconds with their words, the longest first."""
    return [
        {"reason": reason, "name": GAP_WORDS[reason], "seconds": seconds}
        for reason, seconds in gaps_s.items()
        if seconds >= GAP_SHOWN_S
    ]


def emotion_label_present(label: str) -> dict[str, str]:
    return {"label": label, "name": emotion_name(label), "tone": EMOTION_TONES.get(label, "neutral")}


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


def label_name(modality: str, label: str) -> str:
    """A label as the pages write it; empty for none."""
    if not label:
        return ""
    return (gaze_label_present if modality == Modality.EYE_GAZE else emotion_label_present)(label)["name"]


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
