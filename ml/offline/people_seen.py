"""Whom a recording shows: every person and still picture with when and where they are in view, for the report."""

from collections.abc import Sequence
from typing import Final

import cv2

from ml.arrays import UInt8
from ml.faces.candidate import Candidate
from ml.faces.people import Person
from ml.offline.person_seen import PersonSeen
from ml.spans import Span, seconds

MAX_TOLD: Final = 12
"""Number of people and still pictures that are told: those longest in view."""
MIN_TOLD_S: Final = 1.0
"""Shortest time in view of somebody who is told."""
JPEG_QUALITY: Final = 80


def people_seen(people: Sequence[Person], candidate: Candidate) -> tuple[PersonSeen, ...]:
    """Whom the report shows, in the order of coming into view."""
    told = [person for person in people if person is candidate.person or seconds(person.in_view) >= MIN_TOLD_S]
    told.sort(key=lambda person: (person is not candidate.person, -seconds(person.in_view)))
    told = sorted(told[:MAX_TOLD], key=lambda person: person.in_view[0])
    return tuple(_seen(number, person, candidate) for number, person in enumerate(told, 1))


def _seen(number: int, person: Person, candidate: Candidate) -> PersonSeen:
    portrait = person.portrait
    assert portrait is not None  # every track has one from its first frame on
    spans: list[Span] = person.live if person.is_live else person.in_view
    return PersonSeen(
        number=number,
        is_still=not person.is_live,
        first_s=spans[0][0],
        last_s=spans[-1][1],
        live_s=seconds(person.live),
        still_s=seconds(person.still),
        at_s=portrait.at_s,
        box=portrait.box,
        is_candidate=person is candidate.person,
        is_close=person in candidate.close,
        picture=_jpeg(portrait.picture),
    )


def _jpeg(rgb: UInt8) -> bytes:
    encoded, data = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    assert encoded
    return data.tobytes()
