"""Stretches of a recording that stand for it: where they lie, and what was read in them.

Standard library only.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from analysis.metrics.computing import metrics_compute
from analysis.metrics.definitions import METRICS, V1
from ml.spans import Span, Spans, seconds
from ml.timeline import Gap, Observation, Timeline

Placed = TypeVar("Placed", Observation, Gap)

MEASURED_S: Final = 60.0
"""Seconds of a recording that are measured again."""
STRETCHES: Final = 6
FARTHEST_S: Final = 3000.0
"""Most time from one stretch to the next: what is farther apart counts as another clock (:mod:`ml.media.clock`)."""
BEFORE_S: Final = 1.0
"""Time before a moment that a stretch begins."""
TOUCHING_S: Final = 1e-3
SPEECH_S: Final = 1.0
"""Speech after a border, so that it is found there again without the sound before it."""
JOINT_S: Final = V1.gap_s
"""Time between two joined stretches, so that no episode reaches across."""


def spread(*, duration_s: float, moments_s: Sequence[float] = (), starts_s: Sequence[float] = ()) -> Spans:
    """The stretches that are measured of a recording: all of a short one, else one in each of equal parts.

    A stretch holds the first of ``moments_s`` in its part, the most important first, or else lies about its middle. It
    begins with the nearest of ``starts_s`` (:func:`window_borders`) in the part; the moment lies in its first half.
    """
    if duration_s <= MEASURED_S:
        return ((0.0, duration_s),)
    count = max(STRETCHES, math.ceil(duration_s / FARTHEST_S))
    length_s, part_s = MEASURED_S / count, duration_s / count
    found = []
    for number in range(count):
        first_s, last_s = number * part_s, (number + 1) * part_s - length_s
        inside = [moment_s for moment_s in moments_s if first_s <= moment_s < first_s + part_s]
        wanted_s = min(max(inside[0] - BEFORE_S, first_s), last_s) if inside else (first_s + last_s) / 2
        if inside:
            first_s, last_s = max(first_s, inside[0] - length_s / 2), wanted_s
        borders_s = [border_s for border_s in starts_s if first_s <= border_s <= last_s]
        start_s = round(_nearest(borders_s, wanted_s) if borders_s else wanted_s, 3)
        found.append((start_s, round(start_s + length_s, 3)))
    return tuple(found)


def _nearest(places_s: Sequence[float], to_s: float) -> float:
    return min(places_s, key=lambda place_s: abs(place_s - to_s))


def window_borders(speech: Timeline) -> list[float]:
    """Where windows of speech begin for certain, without a pause before them, and with at least a second of speech.

    Windows are laid one after the other, each from the next speech on: a stretch that begins with one is divided as the
    recording was.
    """
    return [
        found.start_s
        for before, found in itertools.pairwise(speech.observations)
        if abs(found.start_s - before.end_s) < TOUCHING_S and found.duration_s >= SPEECH_S
    ]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Stretches of a recording, joined: shares, coverage and metrics of them alone."""

    stretches: Spans

    @property
    def measured_s(self) -> float:
        return seconds(self.stretches)

    @property
    def duration_s(self) -> float:
        """Length of the stretches joined."""
        return self.measured_s + JOINT_S * (len(self.stretches) - 1)

    def timeline(self, timeline: Timeline, *, shift_s: float = 0.0) -> Timeline:
        """The observations and gaps in the stretches, on their joined clock. ``shift_s`` is added to the timeline's
        seconds first."""
        return replace(
            timeline,
            observations=tuple(self._joined(timeline.observations, shift_s)),
            gaps=tuple(self._joined(timeline.gaps, shift_s)),
        )

    def _joined(self, found: Iterable[Placed], shift_s: float) -> Iterable[Placed]:
        found = list(found)
        for at_s, (first_s, last_s) in self._placed():
            for one in found:
                start_s, end_s = max(one.start_s + shift_s, first_s), min(one.end_s + shift_s, last_s)
                if end_s > start_s:
                    yield one._replace(start_s=at_s + start_s - first_s, end_s=at_s + end_s - first_s)

    def moments(self, moments_s: Iterable[float]) -> list[float]:
        """The moments that lie in the stretches, on their joined clock."""
        given = sorted(moments_s)
        return [at_s + one - span[0] for at_s, span in self._placed() for one in given if span[0] <= one < span[1]]

    def readings(
        self,
        timelines: Mapping[str, Timeline],
        *,
        questions_s: Sequence[float],
        metrics: Collection[str] = METRICS,
        shift_s: float = 0.0,
    ) -> dict[str, Any]:
        """``modalities`` with ``shares`` by label, ``observed_s``, ``coverage``, and ``gaps_s`` by reason of each, and
        the values of ``metrics`` by key, None where one could not be measured."""
        joined = {key: self.timeline(timeline, shift_s=shift_s) for key, timeline in timelines.items()}
        computed = metrics_compute(
            timelines=joined, questions_s=self.moments(questions_s), duration_s=self.duration_s, metrics=metrics
        )
        return {
            "modalities": {
                key: {
                    "shares": {label: round(share, 4) for label, share in timeline.shares().items()},
                    "observed_s": round(timeline.observed_s, 3),
                    "coverage": round(timeline.coverage(self.measured_s), 4),
                    "gaps_s": {reason: round(gap_s, 3) for reason, gap_s in timeline.gap_seconds().items()},
                }
                for key, timeline in joined.items()
            },
            "metrics": {
                key: None if metric.value is None else round(metric.value, 4) for key, metric in computed.items()
            },
        }

    def _placed(self) -> Iterable[tuple[float, Span]]:
        """Each stretch with its beginning on the joined clock."""
        at_s = 0.0
        for span in self.stretches:
            yield at_s, span
            at_s += span[1] - span[0] + JOINT_S
