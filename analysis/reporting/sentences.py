"""The sentences of a transcript as JSON with readings of voice and face, for API, pages and ``analyze_video``."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any, Final

from analysis.models import Modality
from analysis.transcripts import ShownSentence, is_question
from ml.timeline import Observation, Timeline

READ_BESIDE: Final = (Modality.SPEECH_EMOTION, Modality.FACIAL_EXPRESSION)
"""What stands beside a sentence."""


def sentences_json(
    sentences: Iterable[ShownSentence], *, timelines: Mapping[str, Timeline] | None = None
) -> list[dict[str, Any]]:
    """Each sentence with its seconds, its texts, and the labels of voice and face during it.

    ``voice`` and ``face`` are None where nothing was observed, and without ``timelines``.
    """
    voice = _Lane(timelines.get(Modality.SPEECH_EMOTION) if timelines else None)
    face = _Lane(timelines.get(Modality.FACIAL_EXPRESSION) if timelines else None)
    return [
        {
            "start_s": round(sentence.start_s, 3),
            "end_s": round(sentence.end_s, 3),
            "text": sentence.shown_text,
            "original": sentence.text,
            "readable": sentence.readable,
            "reason": sentence.reason,
            "is_question": is_question(sentence.shown_text),
            "voice": voice.reading(sentence.start_s, sentence.end_s),
            "face": face.reading(sentence.start_s, sentence.end_s),
        }
        for sentence in sentences
    ]


class _Lane:
    """Finds the label with the longest time in a span."""

    def __init__(self, timeline: Timeline | None) -> None:
        self._observations: tuple[Observation, ...] = timeline.observations if timeline is not None else ()
        self._ends = [observation.end_s for observation in self._observations]

    def reading(self, start_s: float, end_s: float) -> dict[str, Any] | None:
        """``label``, its mean ``confidence``, and ``coverage``: the observed share of the span; None if unobserved."""
        seconds: dict[str, float] = {}
        confidences: dict[str, float] = {}
        for position in range(bisect_right(self._ends, start_s), len(self._observations)):
            observation = self._observations[position]
            if observation.start_s >= end_s:
                break
            shared_s = min(end_s, observation.end_s) - max(start_s, observation.start_s)
            if shared_s > 0 and observation.is_observed:
                label = observation.label
                seconds[label] = seconds.get(label, 0.0) + shared_s
                confidences[label] = confidences.get(label, 0.0) + shared_s * observation.confidence
        if not seconds:
            return None
        label = max(seconds, key=lambda key: seconds[key])
        return {
            "label": label,
            "confidence": round(confidences[label] / seconds[label], 4),
            "coverage": round(min(1.0, sum(seconds.values()) / (end_s - start_s)), 4),
        }
