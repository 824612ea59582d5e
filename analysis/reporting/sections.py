"""The parts of an interview: one per question, from its mark to the next; without questions one per minute.

Pure functions of timelines, question marks and sentences.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from analysis.metrics.computing import metrics_compute
from analysis.metrics.definitions import METRICS, V1
from analysis.metrics.metric import Metric
from analysis.models import MetricKey, Modality
from analysis.reporting.answers import answers_of
from analysis.reporting.explanation import explanation, stretches_json
from analysis.reporting.lanes import spans_of, stretches_of
from analysis.reporting.page import OBSERVED_WORDS, emotion_label_present, gaze_label_present
from analysis.reporting.report import timelines_json
from ml.gaps import OTHER_PERSON, SPEAKER_UNKNOWN
from ml.spans import Span, intersect, seconds, union
from ml.timeline import UNKNOWN, Timeline

PART_S: Final = 60.0
"""Length of a part where no questions are marked."""
PAUSE_S: Final = 1.0
"""A silence of this length or more between two pieces of the candidate's speech is a pause."""
JOINED_S: Final = 0.3
"""Pieces of speech at most so far apart are one: a breath is no pause."""
TALK: Final = "talk"
READ: Final = "read"


def sections_of(
    *,
    timelines: Mapping[str, Timeline],
    metrics: Collection[str] = METRICS,
    duration_s: float,
    questions: Sequence[Mapping[str, Any]],
    sentences: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Each part with its span, ``modalities``, ``metrics``, ``talk`` and ``sentences``, in the order of the recording.

    ``metrics``: the keys of those that are computed. ``questions`` have ``at_s`` and ``text``. A part of a question is
    measured as if the recording were that part and the question stood at its beginning.
    """
    marks = [mark for mark in questions if mark["at_s"] < duration_s] or minutes_of(duration_s)
    lanes = timelines_json(duration_s=duration_s, timelines=timelines)["modalities"]
    parts = answers_of(questions=marks, duration_s=duration_s, lanes=lanes, sentences=sentences)
    return [
        {
            **part,
            "is_question": bool(questions),
            "modalities": [_modality(key, read) for key, read in part["modalities"].items()],
            "metrics": _metrics(timelines, part["start_s"], part["end_s"], keys=metrics, is_question=bool(questions)),
            "talk": talk_of(timelines.get(Modality.SPEECH_EMOTION), part["start_s"], part["end_s"]),
        }
        for part in parts
        if part["end_s"] > part["start_s"]
    ]


def minutes_of(duration_s: float) -> list[dict[str, Any]]:
    """The beginnings of the minutes; a rest of less than half a minute belongs to the last."""
    count = max(1, round(duration_s / PART_S))
    return [{"at_s": number * PART_S, "text": ""} for number in range(count)]


def talk_of(speech: Timeline | None, start_s: float, end_s: float) -> dict[str, Any] | None:
    """How much the candidate talks in a part: ``talk_s`` and its ``share``, ``others_s`` of anybody else's speech,
    ``before_s`` until the first word, ``pauses`` as spans; None where no voice was read."""
    if speech is None or not speech.observations:
        return None
    spans = talk_spans(speech, start_s, end_s)
    talk_s, pauses = seconds(spans["talk"]), spans["pauses"]
    return {
        "talk_s": talk_s,
        "share": talk_s / (end_s - start_s),
        "others_s": seconds(spans["others"]),
        "before_s": seconds(spans["before"]) if spans["talk"] else None,
        "pauses": pauses,
        "paused_s": seconds(pauses),
        "longest_s": max((pause[1] - pause[0] for pause in pauses), default=0.0),
    }


def talk_spans(speech: Timeline, start_s: float, end_s: float) -> dict[str, list[Span]]:
    """The seconds of a part by what they are: the candidate's ``talk``, speech of ``others``, the time ``before`` the
    first word, and ``pauses``."""
    part = [(start_s, end_s)]
    read = intersect(union((o.start_s, o.end_s) for o in speech.observations if o.is_observed), part)
    others = intersect(
        union((g.start_s, g.end_s) for g in speech.gaps if g.reason in (OTHER_PERSON, SPEAKER_UNKNOWN)), part
    )
    joined = union(read, join_s=JOINED_S)
    holes = [(one[1], other[0]) for one, other in pairwise(joined)]
    return {
        "talk": read,
        "others": others,
        "before": [(start_s, joined[0][0])] if joined else [],
        "pauses": [hole for hole in holes if hole[1] - hole[0] >= PAUSE_S and not intersect([hole], others)],
    }


def part_stretches(
    timelines: Mapping[str, Timeline], *, kind: str, label: str, start_s: float, end_s: float
) -> dict[str, Any] | None:
    """The stretches behind a number of a part, as :func:`analysis.reporting.lanes.stretches_of` has them; None where
    there is no such number.

    ``kind`` is a modality, with a label, the reason of a gap, or :data:`READ` for all that was read; or :data:`TALK`,
    with a key of :func:`talk_spans`.
    """
    if kind == TALK:
        speech = timelines.get(Modality.SPEECH_EMOTION)
        spans = talk_spans(speech, start_s, end_s).get(label) if speech else None
        return None if spans is None else stretches_json(spans)
    if kind not in timelines:
        return None
    within = timeline_within(timelines[kind], start_s, end_s)
    if label == READ:
        return stretches_json([(o.start_s, o.end_s) for o in within.observations if o.is_observed], from_s=start_s)
    found = [
        (start_s + from_s, start_s + to_s, read, confidence) for from_s, to_s, read, confidence in spans_of(within)
    ]
    return stretches_of(found, label)


def part_explanation(timelines: Mapping[str, Timeline], *, metric: str, start_s: float, end_s: float) -> dict[str, Any]:
    """Why a metric of a part has its value (:func:`analysis.reporting.explanation.explanation`). A question stands at
    the beginning of the part."""
    found = _measured(timelines, start_s, end_s, keys=[metric], questions_s=[0.0])[metric]
    explained = explanation(found, definition=V1, from_s=start_s)
    return {**explained, "reason": _of_this_part(found.reason)}


def _modality(key: str, read: Mapping[str, Any]) -> dict[str, Any]:
    present = gaze_label_present if key == Modality.EYE_GAZE else emotion_label_present
    rows = [
        {**present(label), "share": share} for label, share in read["shares"].items() if share > 0 and label != UNKNOWN
    ]
    rows.sort(key=lambda row: -row["share"])
    names = {"key": key, "name": Modality(key).label, "observed_word": OBSERVED_WORDS[Modality(key)]}
    return {**names, **read, "rows": rows, "first": rows[0] if rows else None}


def _metrics(
    timelines: Mapping[str, Timeline], start_s: float, end_s: float, *, keys: Collection[str], is_question: bool
) -> list[dict[str, Any]]:
    questions_s = [0.0] if is_question else []
    metrics = _measured(timelines, start_s, end_s, keys=keys, questions_s=questions_s)
    return [
        {
            "key": key,
            "name": MetricKey(key).label,
            "value": metric.value,
            "reason": _of_this_part(metric.reason),
            "coverage": metric.coverage,
        }
        for key, metric in metrics.items()
        if is_question or key != MetricKey.DEEP_THINKING
    ]


def _measured(
    timelines: Mapping[str, Timeline],
    start_s: float,
    end_s: float,
    *,
    keys: Collection[str],
    questions_s: Sequence[float],
) -> dict[str, Metric]:
    """Metrics of a part as if the recording were that part; ``questions_s`` and the metrics' clock begin with it."""
    within = {key: timeline_within(timeline, start_s, end_s) for key, timeline in timelines.items()}
    return metrics_compute(timelines=within, questions_s=questions_s, duration_s=end_s - start_s, metrics=keys)


def _of_this_part(reason: str) -> str:
    return reason.replace("of the recording", "of this part")


def timeline_within(timeline: Timeline, start_s: float, end_s: float) -> Timeline:
    """What lies in ``[start_s, end_s)`` on a clock that begins at ``start_s``; what crosses an edge is cut there."""

    def cut(parts: Sequence[Any]) -> tuple[Any, ...]:
        first = bisect_right(parts, start_s, key=lambda part: part.end_s)
        last = bisect_left(parts, end_s, key=lambda part: part.start_s)
        return tuple(
            part._replace(start_s=max(part.start_s, start_s) - start_s, end_s=min(part.end_s, end_s) - start_s)
            for part in parts[first:last]
        )

    return replace(timeline, observations=cut(timeline.observations), gaps=cut(timeline.gaps))
