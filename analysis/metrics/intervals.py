"""Episodes and groups of observations, in one pass over each list (a two-hour recording has 72,000 observations)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from ml.spans import Span, seconds
from ml.timeline import Observation, Timeline

EPSILON_S: Final = 1e-6
"""Tolerance of every comparison of times: timelines are stored to the millisecond, sums of floats are not exact."""


@dataclass(frozen=True, slots=True)
class Episode:
    """Observations that belong together: from the first one's start to the last one's end, holes included."""

    parts: tuple[Observation, ...]

    @property
    def start_s(self) -> float:
        return self.parts[0].start_s

    @property
    def end_s(self) -> float:
        return self.parts[-1].end_s

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s

    @property
    def observed_s(self) -> float:
        """Seconds that observations cover: the duration without the holes."""
        return seconds(self.spans)

    @property
    def spans(self) -> list[Span]:
        return [(part.start_s, part.end_s) for part in self.parts]


def clip(timeline: Timeline, duration_s: float) -> tuple[Observation, ...]:
    """The observations inside ``[0, duration_s)``, the overhanging ones cut, the empty ones left out."""
    return tuple(
        o if o.end_s <= duration_s else Observation(o.start_s, duration_s, o.label, o.confidence, o.probabilities)
        for o in timeline.observations
        if o.start_s < min(o.end_s, duration_s)
    )


def form_episodes(
    observations: Iterable[Observation], matches: Callable[[Observation], bool], *, blink_s: float, gap_s: float
) -> list[Episode]:
    """Runs of matching observations, with short holes bridged.

    Any other observed label ends a run. Between two matching observations a hole is bridged if it is shorter than
    ``gap_s`` altogether and no stretch of ``unknown`` in it reaches ``blink_s``.
    """
    episodes: list[Episode] = []
    parts: list[Observation] = []
    blink: Span | None = None
    blocked = False  # by an unknown stretch too long to be a blink

    def close() -> None:
        if parts:
            episodes.append(Episode(tuple(parts)))
            parts.clear()

    for o in observations:
        if not o.is_observed:
            joins = blink is not None and o.start_s - blink[1] <= EPSILON_S
            blink = (blink[0] if blink is not None and joins else o.start_s, o.end_s)
            blocked = blocked or at_least(blink[1] - blink[0], blink_s)
            continue
        if not matches(o):
            close()
        else:
            if parts:
                hole_s = o.start_s - parts[-1].end_s
                if blocked or (hole_s > EPSILON_S and at_least(hole_s, gap_s)):
                    close()
            parts.append(o)
        blink, blocked = None, False
    close()
    return episodes


def group(spans: Iterable[Span], *, gap_s: float) -> list[list[Span]]:
    """Ordered spans in groups with holes shorter than ``gap_s`` between them."""
    groups: list[list[Span]] = []
    for span in spans:
        if groups and not at_least(span[0] - groups[-1][-1][1], gap_s):
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def at_least(value_s: float, limit_s: float) -> bool:
    return value_s >= limit_s - EPSILON_S
