"""Timestamps of a stream in seconds."""

from fractions import Fraction


class Ticks:
    """Seconds of the timestamps of one stream. All its packets and frames count in the stream's ``time_base``.

    The result is that of ``float(at * time_base)``. Arithmetic with fractions takes longer than reading a packet.
    """

    def __init__(self, time_base: Fraction) -> None:
        self._numerator, self._denominator = time_base.numerator, time_base.denominator

    def seconds(self, at: int) -> float:
        return at * self._numerator / self._denominator
