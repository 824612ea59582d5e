"""Attentiveness: see :class:`analysis.metrics.definitions.Definition`."""

from collections.abc import Iterator, Sequence
from typing import Final

from analysis.metrics import evidence_text
from analysis.metrics.definitions import ATTENTIVENESS
from analysis.metrics.intervals import Episode, at_least
from analysis.metrics.metric import Evidence, Metric
from analysis.metrics.recording import ObservedRecording, spans_of
from ml.spans import seconds

LISTED_SINGLY: Final = 3
"""Short looks away in one direction up to which each is evidence of its own. More of them are grouped."""


def attentiveness(recording: ObservedRecording) -> Metric:
    definition = recording.definition
    if lacking := recording.lacks_gaze():
        return recording.no_metric(ATTENTIVENESS, lacking)
    contact = spans_of(o for o in recording.gaze if o.label == definition.center)
    prolonged = [away for away in recording.away if at_least(away.duration_s, definition.prolonged_away_s)]
    prolonged_s = sum(away.duration_s for away in prolonged)
    value = max(0.0, seconds(contact) - definition.away_weight * prolonged_s) / recording.gaze_s
    short = [away for away in recording.away if not at_least(away.duration_s, definition.prolonged_away_s)]
    evidence = [*map(_look_away, prolonged), *_short_looks(short, definition.prolonged_away_s)]
    read = spans_of(o for o in recording.gaze if o.is_observed)
    terms = {"contact": contact, "prolonged_away": spans_of(prolonged), "gaze_read": read}
    return recording.metric(ATTENTIVENESS, value, evidence, terms)


def _look_away(away: Episode) -> Evidence:
    return Evidence(away.start_s, away.end_s, "look_away", evidence_text.look_away(away))


def _short_looks(looks: Sequence[Episode], below_s: float) -> Iterator[Evidence]:
    """The looks away that are not prolonged, grouped by direction where there are many."""
    by_direction: dict[str, list[Episode]] = {}
    for look in looks:
        by_direction.setdefault(evidence_text.main_label(look), []).append(look)
    for group in by_direction.values():
        if len(group) <= LISTED_SINGLY:
            yield from map(_look_away, group)
        else:
            text = evidence_text.short_looks(group, below_s)
            yield Evidence(group[0].start_s, group[-1].end_s, "look_away", text, tuple(spans_of(group)))
