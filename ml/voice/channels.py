"""Channels of a track that carry different voices: each person of a call recorded on a channel of their own.

Stereo of one room, or one voice on both sides, differs between its channels by a constant level at most. Where two
voices are apart, each channel is at times far louder than the other, relative to its own loud speech.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from ml.arrays import Bool, Float32, Float64
from ml.spans import Span
from ml.voice.articulation import runs
from ml.voice.dsp import rms_db

STEP_S: Final = 0.05
APART_DB: Final = 10.0
"""A channel is alone where it exceeds every other by so much, each relative to its own loud speech."""
AUDIBLE_DB: Final = 12.0
"""Only sound so far above the channel's own background counts: noise that never changes is no voice."""
MIN_ALONE_S: Final = 1.0
"""A channel that is alone for less time has no voice of its own."""
SILENT_DB: Final = -60.0
"""A channel whose loud speech is below this level is empty."""

_LOUD: Final = 95.0
_BACKGROUND: Final = 10.0
_EMPTY_DB: Final = -200.0
_MAJORITY_STEPS: Final = 7
"""Whether another channel is louder is decided by the majority within 0.35 s: words have gaps."""


class ChannelLevels:
    """Levels of all channels over time: 80 bytes for every second and channel."""

    def __init__(self, rate_hz: int) -> None:
        self._size = round(STEP_S * rate_hz)
        self._times: list[Float64] = []
        self._pieces: list[Float32] = []
        self.channels = 0

    def add(self, start_s: float, sound: Float32) -> None:
        """The next piece (samples, channels), from ``start_s`` on. The rest that does not fill a step is left out."""
        self.channels = sound.shape[1]
        count = len(sound) // self._size
        steps = sound[: count * self._size].reshape(count, self._size, self.channels)
        self._times.append(np.asarray(start_s + (np.arange(count) + 0.5) * STEP_S, np.float64))
        self._pieces.append(rms_db(steps.transpose(0, 2, 1)).astype(np.float32))

    def voices(self, speech: Sequence[Span]) -> tuple[int, ...]:
        """The channels with a voice of their own, where there are at least two. ``speech`` are the segments of voice
        activity in all channels together."""
        if self.channels < 2 or not speech:
            return ()
        inside = self._inside(speech)
        relative = self._relative(inside)
        audible = self._levels() >= np.percentile(self._levels(), _BACKGROUND, axis=0) + AUDIBLE_DB
        alone = (_lead(relative) >= APART_DB) & audible & inside[:, np.newaxis]
        found = np.flatnonzero(STEP_S * alone.sum(axis=0) >= MIN_ALONE_S).tolist()
        return tuple(found) if len(found) > 1 else ()

    def own(self, channel: int, segments: Sequence[Span], speech: Sequence[Span]) -> list[Span]:
        """The ``segments`` of voice activity in one channel without crosstalk: without stretches in which another
        channel is far louder. ``speech`` as in :meth:`voices`."""
        foreign = _smoothed(_lead(self._relative(self._inside(speech)))[:, channel] <= -APART_DB, _MAJORITY_STEPS)
        times_s = self._times_s()
        kept: list[Span] = []
        for start_s, end_s in segments:
            first, last = np.searchsorted(times_s, (start_s, end_s)).tolist()
            for a, b in runs(~foreign[first:last]):
                kept.append(
                    (
                        start_s if a == 0 else float(times_s[first + a]) - STEP_S / 2,
                        end_s if first + b == last else float(times_s[first + b]) - STEP_S / 2,
                    )
                )
        return kept

    def _inside(self, speech: Sequence[Span]) -> Bool:
        times_s = self._times_s()
        inside = np.zeros(times_s.size, np.bool_)
        for start_s, end_s in speech:
            inside[np.searchsorted(times_s, start_s) : np.searchsorted(times_s, end_s)] = True
        return inside

    def _relative(self, inside: Bool) -> Float64:
        """Levels (steps, channels) relative to each channel's loud speech; of empty channels far below all others."""
        levels_db = self._levels()
        loud = np.percentile(levels_db[inside], _LOUD, axis=0) if np.any(inside) else levels_db.max(axis=0)
        return np.where(loud < SILENT_DB, _EMPTY_DB, levels_db - loud)

    def _times_s(self) -> Float64:
        return np.concatenate(self._times)

    def _levels(self) -> Float64:
        return np.concatenate(self._pieces).astype(np.float64)


def _lead(relative: Float64) -> Float64:
    """By how much each channel exceeds the loudest of the others, (steps, channels)."""
    others = [np.delete(relative, channel, axis=1).max(axis=1) for channel in range(relative.shape[1])]
    return np.asarray(relative - np.stack(others, axis=1))


def _smoothed(flags: Bool, steps: int) -> Bool:
    """Each flag becomes that of the majority of the ``steps`` around it."""
    return np.asarray(np.convolve(flags, np.ones(steps), "same") > steps / 2)
