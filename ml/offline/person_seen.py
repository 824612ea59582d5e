"""One person whom a recording shows, as plain data: what crosses processes. Standard library only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """One person or still picture. ``number`` counts from 1 in the order of coming into view, in this analysis alone.

    ``live_s`` and ``still_s``: seconds in view, live and as a still picture. ``box``: left, top, right and bottom of
    the face as shares of the picture at second ``at_s``. ``picture``: the face at that second, a small JPEG file.
    """

    number: int
    is_still: bool
    first_s: float
    last_s: float
    live_s: float
    still_s: float
    at_s: float
    box: tuple[float, float, float, float]
    is_candidate: bool
    is_close: bool
    picture: bytes
