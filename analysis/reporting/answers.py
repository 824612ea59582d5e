"""What was read and said between one question and the next."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.metrics.definitions import V1

Lane = Mapping[str, Any]
"""``labels``, ``intervals`` (start, end, label, confidence) and ``gaps``, as the API has them."""


def answers_of(
    *, questions: Sequence[Mapping[str, Any]], duration_s: float, lanes: Mapping[str, Lane], sentences: Sequence[Any]
) -> list[dict[str, Any]]:
    """Each question (``at_s``, ``text``) with its span to the next one, the sentences that begin in it, and
    per modality ``shares`` of observed time, ``observed_s``, ``coverage`` of the span and whether that is ``enough``.

    ``talk_s``: seconds of the candidate's speech that was read; None without that lane.
    """
    found = []
    ends = {key: [interval[1] for interval in lane["intervals"]] for key, lane in lanes.items()}
    for number, question in enumerate(questions, start=1):
        start_s = question["at_s"]
        end_s = questions[number]["at_s"] if number < len(questions) else duration_s
        read = {key: span_read(key, lane, start_s, end_s, ends=ends[key]) for key, lane in lanes.items()}
        speech = read.get("speech_emotion")
        found.append(
            {
                "number": number,
                "text": question["text"],
                "start_s": start_s,
                "end_s": end_s,
                "talk_s": speech["observed_s"] if speech else None,
                "modalities": read,
                "sentences": [sentence for sentence in sentences if start_s <= sentence["start_s"] < end_s],
            }
        )
    return found


def span_read(modality: str, lane: Lane, start_s: float, end_s: float, *, ends: Sequence[float]) -> dict[str, Any]:
    """The distribution of a lane within ``[start_s, end_s)``; intervals across an edge count with their part. ``ends``:
    where each interval ends, in seconds."""
    seconds = dict.fromkeys(lane["labels"], 0.0)
    for position in range(bisect_right(ends, start_s), len(ends)):
        from_s, to_s, label, _ = lane["intervals"][position]
        if from_s >= end_s:
            break
        if label in seconds:  # "unknown" gaze is no observed time
            seconds[label] += max(0.0, min(to_s, end_s) - max(from_s, start_s))
    observed_s, length_s = sum(seconds.values()), max(end_s - start_s, 0.001)
    coverage = min(1.0, observed_s / length_s)
    return {
        "shares": {label: round(part / observed_s, 4) if observed_s else 0.0 for label, part in seconds.items()},
        "observed_s": round(observed_s, 3),
        "coverage": round(coverage, 4),
        "enough": V1.is_enough(modality, observed_s=observed_s, coverage=coverage),
    }
