"""The parts of a file with one run of timestamps each, as plain data. Standard library only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the file with one run of timestamps, from byte ``first_byte`` to the next part.

    It begins at ``start_s`` of the recording. Within it, the recording's second is the container's second plus
    ``shift_s``.
    """

    first_byte: int
    start_s: float
    shift_s: float
