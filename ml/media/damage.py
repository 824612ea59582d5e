"""Damaged stretches of a recording: where the file's data do not decode."""

from typing import Final

from ml.spans import Span, Spans, union

SAME_DAMAGE_S: Final = 0.5
"""Damaged packets closer than this are one damaged stretch."""
SHORTEST_S: Final = 0.2
"""Damage shorter than this is not mentioned: a lost packet."""


class Damage:
    """Collects the damaged stretches of one track while it is decoded."""

    def __init__(self) -> None:
        self._spans: list[Span] = []

    def add(self, start_s: float, end_s: float) -> None:
        self._spans.append((max(0.0, start_s), end_s))

    @property
    def spans(self) -> Spans:
        """The stretches in order, in seconds of the recording."""
        found = union(self._spans, join_s=SAME_DAMAGE_S)
        return tuple((round(start, 3), round(end, 3)) for start, end in found if end - start >= SHORTEST_S)
