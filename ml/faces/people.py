"""The people of a recording: the tracks that continue each other are one person.

Continuity in time and place decides: a track that begins where an earlier one ended, in the same scene, at about the
same size, continues it. People in view at the same time are never joined. No description of a face is compared.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from ml.arrays import Float64
from ml.faces.mouth import MouthMovement
from ml.faces.sighting import Box, Portrait, Sighting
from ml.spans import Span, seconds, subtract, union

NEAR: Final = 1.0
"""Largest distance between the end of a track and the start of its continuation, in face sizes."""
SIZE_RATIO: Final = 2.0
"""Largest ratio of the face sizes at the end of a track and at the start of its continuation."""
MIN_LIVE_S: Final = 1.0
"""Somebody with less time in view than this, without that of a still picture, is not told apart from one."""


@dataclass(frozen=True, eq=False)
class Person:
    """One person, or one still picture of a face."""

    sightings: tuple[Sighting, ...]

    @property
    def tracks(self) -> frozenset[int]:
        return frozenset(sighting.track for sighting in self.sightings)

    @cached_property
    def in_view(self) -> list[Span]:
        return union(span for sighting in self.sightings for span in sighting.in_view())

    @cached_property
    def still(self) -> list[Span]:
        """The time in which the picture stood still."""
        return union(span for sighting in self.sightings for span in sighting.still)

    @cached_property
    def live(self) -> list[Span]:
        return subtract(self.in_view, self.still)

    @property
    def small(self) -> list[Span]:
        """The time in which the face was too small to be read."""
        return union(span for sighting in self.sightings for span in sighting.small)

    @property
    def is_live(self) -> bool:
        return seconds(self.live) >= min(MIN_LIVE_S, seconds(self.in_view))

    @cached_property
    def rows(self) -> Float64:
        """:attr:`ml.faces.sighting.Sighting.rows` of all tracks, in the order of time."""
        rows = np.concatenate([sighting.rows for sighting in self.sightings])
        return np.asarray(rows[np.argsort(rows[:, 0], kind="stable")], np.float64)

    @cached_property
    def live_rows(self) -> Float64:
        """The rows without those of a still picture."""
        rows = self.rows
        kept = np.ones(len(rows), np.bool_)
        for start_s, end_s in self.still:
            kept &= (rows[:, 0] < start_s - 1e-6) | (rows[:, 0] >= end_s - 1e-6)
        return rows[kept]

    @cached_property
    def mouth(self) -> MouthMovement:
        """The movement of the mouth while the picture was live."""
        return MouthMovement(self.live_rows[:, 0], self.live_rows[:, 6])

    @property
    def size(self) -> float:
        """Median height of the live face, as a share of the picture."""
        rows = self.live_rows if len(self.live_rows) else self.rows
        return float(np.median(rows[:, 5] - rows[:, 3]))

    @property
    def portrait(self) -> Portrait | None:
        """The best picture of the face, from the time in which it was live if there is any."""
        offered = (portrait for sighting in self.sightings for portrait in (sighting.portrait, sighting.offered))
        found = [portrait for portrait in offered if portrait is not None]
        return max(found, key=lambda p: (_covers(self.live, p.at_s), p.quality), default=None)


def people_of(sightings: Iterable[Sighting]) -> list[Person]:
    """All people and still pictures, in the order in which they came into view."""
    people: list[list[Sighting]] = []
    for sighting in sorted(sightings, key=lambda s: (s.start_s, -_area_s(s))):
        known = [person for person in people if _continues(sighting, person[-1])]
        if known:
            max(known, key=lambda person: sum(_area_s(s) for s in person)).append(sighting)
        else:
            people.append([sighting])
    return [Person(tuple(person)) for person in people]


def person_at(people: Sequence[Person], second: float, box: Box, *, within_s: float = 1.0) -> Person | None:
    """The person whose face was in this place at this second: the largest overlap at the nearest time. ``None`` if
    nobody's was, ``within_s`` of it."""
    best: tuple[float, Person | None] = 0.0, None
    for person in people:
        rows = person.rows
        row = rows[int(np.argmin(np.abs(rows[:, 0] - second)))]
        if abs(row[0] - second) <= within_s:
            best = max(best, (overlap(box, tuple(row[2:6].tolist())), person), key=lambda item: item[0])
    return best[1]


def overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """Intersection over union of two boxes, 0..1."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(0.0, width) * max(0.0, height)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return shared / max(1e-9, areas - shared)


def _continues(sighting: Sighting, earlier: Sighting) -> bool:
    """Whether this track may continue an earlier one: later, in the same scene, near in place and size."""
    return (
        sighting.first_scene == earlier.last_scene
        and sighting.start_s >= earlier.end_s - 1e-9
        and _near(earlier.last, sighting.first)
    )


def _area_s(sighting: Sighting) -> float:
    rows = sighting.rows
    return float(((rows[:, 1] - rows[:, 0]) * (rows[:, 4] - rows[:, 2]) * (rows[:, 5] - rows[:, 3])).sum())


def _near(one: Box, other: Box) -> bool:
    """In shares of the picture; the distance counts in widths horizontally and in heights vertically."""
    width, height = max(one[2] - one[0], other[2] - other[0]), max(one[3] - one[1], other[3] - other[1])
    across = (one[0] + one[2] - other[0] - other[2]) / 2 / width
    down = (one[1] + one[3] - other[1] - other[3]) / 2 / height
    smaller = min(one[3] - one[1], other[3] - other[1])
    return math.hypot(across, down) <= NEAR and height <= SIZE_RATIO * smaller


def _covers(spans: Sequence[Span], at_s: float) -> bool:
    return any(start_s <= at_s < end_s for start_s, end_s in spans)
