"""Deep thinking: see :class:`analysis.metrics.definitions.Definition`."""

import bisect
import math
from collections.abc import Sequence

from analysis.metrics import evidence_text
from analysis.metrics.definitions import DEEP_THINKING, Definition
from analysis.metrics.intervals import Episode, at_least
from analysis.metrics.metric import Evidence, Metric
from analysis.metrics.recording import ObservedRecording, spans_of
from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION
from ml.spans import Span, intersect, seconds


def deep_thinking(recording: ObservedRecording, questions_s: Sequence[float]) -> Metric:
    definition = recording.definition
    if not questions_s:
        return recording.no_metric(DEEP_THINKING, "no questions are marked")
    marks = sorted({mark_s for mark_s in questions_s if 0 <= mark_s < recording.duration_s})
    if not marks:
        return recording.no_metric(DEEP_THINKING, "no questions are marked within the recording")
    if lacking := recording.lacks_gaze() or recording.lacks_face():
        return recording.no_metric(DEEP_THINKING, lacking)

    surprises = [(key, recording.surprises(key)) for key in (FACIAL_EXPRESSION, EYE_EMOTION)]
    center = recording.episodes(recording.gaze, lambda o: o.label == definition.center)
    returns_s = [e.start_s for e in center if at_least(e.duration_s, definition.return_s)]
    away = spans_of(recording.away)
    reflected: list[Span] = []
    fillable: list[Span] = []
    evidence: list[Evidence] = []
    for mark_s, next_s in zip(marks, [*marks[1:], recording.duration_s], strict=True):
        signal = _first_surprise(surprises, (mark_s, min(mark_s + definition.reaction_s, next_s)), definition)
        from_s = signal.start_s if signal else mark_s
        window = (from_s, min(from_s + definition.reflection_s, next_s))
        fillable.append(window)
        if signal is None:
            continue
        evidence.append(signal)
        reflection = _reflection(away, returns_s, window)
        if reflection:
            reflected += reflection
            text = evidence_text.reflection(seconds(reflection))
            evidence.append(Evidence(reflection[0][0], reflection[-1][1], "reflection", text))
    terms = {"reflection": reflected, "fillable": fillable}
    return recording.metric(DEEP_THINKING, seconds(reflected) / seconds(fillable), evidence, terms)


def _first_surprise(
    surprises: Sequence[tuple[str, Sequence[Episode]]], window: Span, definition: Definition
) -> Evidence | None:
    """The earliest surprise in the window, the face's before the eyes' where both begin at once."""
    found: list[Evidence] = []
    for key, episodes in surprises:
        first = bisect.bisect_right(episodes, window[0], key=lambda e: e.end_s)
        for episode in episodes[first:]:
            start_s, end_s = max(episode.start_s, window[0]), min(episode.end_s, window[1])
            if start_s >= window[1]:
                break
            if at_least(end_s - start_s, definition.surprise_s):
                found.append(
                    Evidence(start_s, episode.end_s, "surprise", evidence_text.surprise(key, start_s - window[0]))
                )
                break
    return min(found, key=lambda e: e.start_s, default=None)


def _reflection(away: Sequence[Span], returns_s: Sequence[float], window: Span) -> list[Span]:
    """The looks away in the window, until the gaze has returned."""
    first = bisect.bisect_right(away, window[0], key=lambda span: span[1])
    looks = intersect(away[first : bisect.bisect_left(away, window[1], key=lambda span: span[0])], [window])
    if not looks:
        return []
    returned = bisect.bisect_left(returns_s, looks[0][0])
    until_s = returns_s[returned] if returned < len(returns_s) else math.inf
    return [look for look in looks if look[0] < until_s]
