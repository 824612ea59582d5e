"""Determines the candidate among the tracked faces of a recording."""

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ml.faces.mouth import MouthMovement

Box = tuple[float, float, float, float]

NEAR: Final = 1.0
"""Largest distance between the end of a track and the start of its continuation, in face sizes."""
SIZE_RATIO: Final = 2.0
"""Largest ratio of the face sizes at the end of a track and at the start of its continuation."""


@dataclass(slots=True)
class Sighting:
    """Presence of one track: its scene, times, area x time, first and last bounding box, and ``mouth``: the opening of
    the mouth (:func:`ml.faces.mouth.mouth_openness`) with its time for each frame."""

    track: int
    scene: int = 0
    start_s: float = math.inf
    end_s: float = 0.0
    seen_s: float = 0.0
    area_s: float = 0.0
    first: Box = field(default=(0.0, 0.0, 0.0, 0.0))
    last: Box = field(default=(0.0, 0.0, 0.0, 0.0))
    mouth: list[tuple[float, float]] = field(default_factory=list)

    def add(self, start_s: float, end_s: float, box: Box, mouth: float) -> None:
        if not self.seen_s:
            self.start_s, self.first = start_s, box
        self.end_s, self.last = end_s, box
        self.mouth.append((start_s, mouth))
        self.seen_s += end_s - start_s
        self.area_s += (end_s - start_s) * (box[2] - box[0]) * (box[3] - box[1])

    def continues(self, earlier: "Sighting") -> bool:
        """Whether this track may continue an earlier one: later, in the same scene, near in place and size."""
        return self.scene == earlier.scene and self.start_s >= earlier.end_s - 1e-9 and _near(earlier.last, self.first)


@dataclass(frozen=True, slots=True)
class Candidate:
    """The candidate's tracks, the seconds in which they were in view, and the movement of the mouth."""

    tracks: frozenset[int]
    seen_s: float
    mouth: MouthMovement

    @classmethod
    def among(cls, sightings: list[Sighting]) -> "Candidate":
        """The person with the largest area x time.

        A face that was lost, or that disappeared with a cut, is a new track. Tracks that continue each other are joined
        to one person, the largest person first. People in view at the same time are never joined.
        """
        people: list[list[Sighting]] = []
        for sighting in sorted(sightings, key=lambda s: (s.start_s, -s.area_s)):
            known = [person for person in people if sighting.continues(person[-1])]
            if known:
                max(known, key=_weight).append(sighting)
            else:
                people.append([sighting])
        if not people:
            return cls(frozenset(), 0.0, _movement([]))
        chosen = max(people, key=_weight)
        return cls(frozenset(s.track for s in chosen), sum(s.seen_s for s in chosen), _movement(chosen))


def _weight(person: list[Sighting]) -> float:
    return sum(sighting.area_s for sighting in person)


def _movement(sightings: list[Sighting]) -> MouthMovement:
    rows = sorted(row for sighting in sightings for row in sighting.mouth)
    times_s, openness = np.array(rows, np.float64).reshape(-1, 2).T
    return MouthMovement(times_s, openness)


def _near(one: Box, other: Box) -> bool:
    size, other_size = max(one[2] - one[0], one[3] - one[1]), max(other[2] - other[0], other[3] - other[1])
    distance = math.hypot(one[0] + one[2] - other[0] - other[2], one[1] + one[3] - other[1] - other[3]) / 2
    larger, smaller = max(size, other_size), min(size, other_size)
    return distance <= NEAR * larger and larger <= SIZE_RATIO * smaller
