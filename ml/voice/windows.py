"""Windows of three seconds over speech, the length that the paper uses: each gets one label."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.arrays import Samples

Span = tuple[float, float]
"""From second to second."""

WINDOW_S: Final = 3.0
MIN_SPEECH_S: Final = 1.0
"""A window with less speech is not classified: its speech stays unobserved."""


@dataclass(frozen=True, slots=True)
class Window:
    """``[start_s, start_s + WINDOW_S)``, beginning with speech; ``speech`` are the stretches of speech inside it."""

    start_s: float
    speech: tuple[Span, ...]

    @property
    def speech_s(self) -> float:
        return sum(end_s - start_s for start_s, end_s in self.speech)


class WindowPlanner:
    """Lays windows over a stream of speech segments. Each begins with the first speech after the one before: windows
    never overlap, and a pause between sentences is never a window of its own."""

    def __init__(self) -> None:
        self._pending: list[Span] = []

    def add(self, span: Span) -> None:
        """A stretch of speech after all earlier ones; one that touches the last continues it."""
        if self._pending and span[0] <= self._pending[-1][1]:
            self._pending[-1] = (self._pending[-1][0], span[1])
        else:
            self._pending.append(span)

    @property
    def next_start_s(self) -> float | None:
        """Where the next window will start; None when no speech waits."""
        return self._pending[0][0] if self._pending else None

    def take(self, settled_s: float = math.inf) -> Iterator[Window]:
        """The windows that are complete when all speech before ``settled_s`` is known."""
        while self._pending and self._pending[0][0] + WINDOW_S <= settled_s:
            start_s = self._pending[0][0]
            end_s = start_s + WINDOW_S
            speech: list[Span] = []
            while self._pending and self._pending[0][0] < end_s:
                span = self._pending.pop(0)
                speech.append((span[0], min(span[1], end_s)))
                if span[1] > end_s:
                    self._pending.insert(0, (end_s, span[1]))
            window = Window(start_s, tuple(speech))
            if window.speech_s >= MIN_SPEECH_S - 1e-9:
                yield window


class SoundBuffer:
    """The latest seconds of a stream of sound, read by time. Where nothing was recorded it is silent."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._pieces: list[tuple[int, Samples]] = []

    def add(self, start_s: float, samples: Samples) -> None:
        self._pieces.append((round(start_s * self._rate_hz), samples))

    def read(self, start_s: float, count: int) -> Samples:
        """``count`` samples from ``start_s`` on, which may lie before the recording's start."""
        first = round(start_s * self._rate_hz)
        window = np.zeros(count, np.float32)
        for at, samples in self._pieces:
            begin, end = max(first, at), min(first + count, at + samples.size)
            if begin < end:
                window[begin - first : end - first] = samples[begin - at : end - at]
        return window

    def forget_before(self, time_s: float) -> None:
        limit = time_s * self._rate_hz
        self._pieces = [(at, samples) for at, samples in self._pieces if at + samples.size > limit]
