"""Whose recording it is, when several faces are seen in it."""

import math
from dataclasses import dataclass, field
from typing import Final

Box = tuple[float, float, float, float]

NEAR: Final = 1.0
"""A face that comes back must stand within this many face sizes of where the candidate was last (or first) seen."""
SIZE_RATIO: Final = 2.0
"""... and be at most so many times larger or smaller."""


@dataclass(slots=True)
class Sighting:
    """One track: when it was in view, how large, and where it began and ended."""

    track: int
    start_s: float = math.inf
    end_s: float = 0.0
    seen_s: float = 0.0
    area_s: float = 0.0
    first: Box = field(default=(0.0, 0.0, 0.0, 0.0))
    last: Box = field(default=(0.0, 0.0, 0.0, 0.0))

    def add(self, start_s: float, end_s: float, box: Box) -> None:
        if not self.seen_s:
            self.start_s, self.first = start_s, box
        self.end_s, self.last = end_s, box
        self.seen_s += end_s - start_s
        self.area_s += (end_s - start_s) * (box[2] - box[0]) * (box[3] - box[1])


@dataclass(frozen=True, slots=True)
class Candidate:
    """The tracks that are the candidate, one after the other, and how long they were in view."""

    tracks: frozenset[int]
    seen_s: float

    @classmethod
    def among(cls, sightings: list[Sighting]) -> "Candidate":
        """The track of the largest area x time, and the tracks before and after it that take up where it was.

        A face that was lost for a while is a new track. It is taken for the candidate again only if it does not
        overlap in time with what is already the candidate's, and stands where the candidate stood, about as
        large. Everybody else is left out: two people are never averaged.
        """
        if not sightings:
            return cls(frozenset(), 0.0)
        main = max(sightings, key=lambda s: s.area_s)
        chosen = [main]
        end = main
        for later in sorted((s for s in sightings if s.start_s >= main.end_s), key=lambda s: (s.start_s, -s.area_s)):
            if later.start_s >= end.end_s and _continues(end.last, later.first):
                chosen.append(later)
                end = later
        begin = main
        for earlier in sorted((s for s in sightings if s.end_s <= main.start_s), key=lambda s: (-s.end_s, -s.area_s)):
            if earlier.end_s <= begin.start_s and _continues(begin.first, earlier.last):
                chosen.append(earlier)
                begin = earlier
        return cls(frozenset(s.track for s in chosen), sum(s.seen_s for s in chosen))


def _continues(one: Box, other: Box) -> bool:
    size, other_size = max(one[2] - one[0], one[3] - one[1]), max(other[2] - other[0], other[3] - other[1])
    distance = math.hypot(one[0] + one[2] - other[0] - other[2], one[1] + one[3] - other[1] - other[3]) / 2
    larger, smaller = max(size, other_size), min(size, other_size)
    return distance <= NEAR * larger and larger <= SIZE_RATIO * smaller
