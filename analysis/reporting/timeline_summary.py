"""What the report says of the timelines as a whole, beside the shares: computed once, and kept in the lane file.

Pure functions of timelines; standard library and :mod:`ml.timeline` only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from analysis.models import Modality
from analysis.reporting.emotions import EMOTION_TONES
from analysis.reporting.lanes import Span, lane_pieces, stretches_of
from ml.timeline import Timeline

SUMMARY: Final = "summary"
FACE_AND_EYES: Final = "face_and_eyes"
DIFFER: Final = f"{FACE_AND_EYES}/differ"
"""Key of the stretches in which face and eyes were read as different emotions, below ``stretches/``."""
_DIFFERENT: Final = "differ"


def run_pieces(*, timelines: Mapping[str, Timeline], duration_s: float) -> Iterator[tuple[str, Any]]:
    """Every piece of a run's lane file: ``summary``, the lanes, and the stretches that the summary leads to."""
    spans = face_and_eyes_spans(timelines)
    speech = timelines.get(Modality.SPEECH_EMOTION)
    yield (
        SUMMARY,
        {
            "mixture": mean_probabilities(speech) if speech is not None else [],
            FACE_AND_EYES: face_and_eyes(spans),
        },
    )
    yield f"stretches/{DIFFER}", stretches_of(_as_one_label(spans), _DIFFERENT)
    yield from lane_pieces(timelines=timelines, duration_s=duration_s)


def face_and_eyes_spans(timelines: Mapping[str, Timeline]) -> list[tuple[float, float, str, str]]:
    """``(start_s, end_s, label of the face, label of the eyes)`` wherever both were read, in order of time."""
    face, eyes = timelines.get(Modality.FACIAL_EXPRESSION), timelines.get(Modality.EYE_EMOTION)
    if face is None or eyes is None:
        return []
    ours = [o for o in face.observations if o.is_observed]
    theirs = [o for o in eyes.observations if o.is_observed]
    spans: list[tuple[float, float, str, str]] = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        start_s, end_s = max(ours[i].start_s, theirs[j].start_s), min(ours[i].end_s, theirs[j].end_s)
        if end_s > start_s:
            spans.append((start_s, end_s, ours[i].label, theirs[j].label))
        if ours[i].end_s <= theirs[j].end_s:
            i += 1
        else:
            j += 1
    return spans


def face_and_eyes(spans: list[tuple[float, float, str, str]]) -> dict[str, Any] | None:
    """How far face and eyes were read as the same emotion; None where they were never read together.

    ``together_s``, the ``same`` share of it (0..1), and the pair of labels that differ for the longest: ``face``,
    ``eyes``, ``pair_s`` (None, None, 0 where none do).
    """
    together_s = sum(end_s - start_s for start_s, end_s, _, _ in spans)
    if not together_s:
        return None
    apart: dict[tuple[str, str], float] = {}
    for start_s, end_s, face, eyes in spans:
        if EMOTION_TONES.get(face) != EMOTION_TONES.get(eyes):
            apart[face, eyes] = apart.get((face, eyes), 0.0) + end_s - start_s
    pair = max(apart, key=lambda key: apart[key], default=(None, None))
    return {
        "together_s": round(together_s, 3),
        "same": round(1 - sum(apart.values()) / together_s, 4),
        "face": pair[0],
        "eyes": pair[1],
        "pair_s": round(apart[pair], 3) if pair[0] and pair[1] else 0.0,
    }


def _as_one_label(spans: list[tuple[float, float, str, str]]) -> list[Span]:
    return [
        (start_s, end_s, _DIFFERENT, 0.0)
        for start_s, end_s, face, eyes in spans
        if EMOTION_TONES.get(face) != EMOTION_TONES.get(eyes)
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
    means = [(label, round(total / observed_s, 4)) for label, total in sums.items()]
    return sorted(means, key=lambda item: -item[1])
