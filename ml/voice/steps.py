"""The segments of speech in short steps, each of which one speaker has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.arrays import Float64, Int64
from ml.spans import Span

STEP_S: Final = 0.1
BLOCK_S: Final = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """The segments of speech in n steps of about :data:`STEP_S`: ``starts_s`` and ``ends_s`` (n,), and the number
    ``segment`` (n,) of the segment that each belongs to."""

    starts_s: Float64
    ends_s: Float64
    segment: Int64

    @classmethod
    def of(cls, segments: Sequence[Span]) -> "Steps":
        """``segments`` are ascending and do not touch."""
        borders = [
            np.linspace(start_s, end_s, max(1, round((end_s - start_s) / STEP_S)) + 1) for start_s, end_s in segments
        ]
        numbers = [np.full(border.size - 1, number) for number, border in enumerate(borders)]
        empty = np.zeros(0)
        return cls(
            np.concatenate([empty, *(border[:-1] for border in borders)]),
            np.concatenate([empty, *(border[1:] for border in borders)]),
            np.concatenate([empty.astype(np.int64), *numbers]),
        )

    @property
    def segments(self) -> tuple[Float64, Float64]:
        """The (start, end) of the segment that each step belongs to, (n,) each."""
        first = np.searchsorted(self.segment, self.segment)
        last = np.searchsorted(self.segment, self.segment, side="right") - 1
        return self.starts_s[first], self.ends_s[last]

    @property
    def middles_s(self) -> Float64:
        return (self.starts_s + self.ends_s) / 2

    @property
    def lengths_s(self) -> Float64:
        return self.ends_s - self.starts_s

    def blocks(self) -> Int64:
        """The number (n,) of each step's block: a segment, or one of its parts of :data:`BLOCK_S`."""
        within = np.arange(self.segment.size) - np.searchsorted(self.segment, self.segment)
        part = (within * STEP_S / BLOCK_S).astype(np.int64)
        is_new = (np.diff(self.segment) != 0) | (np.diff(part) != 0)
        return np.concatenate([[0], np.cumsum(is_new)]) if self.segment.size else self.segment
