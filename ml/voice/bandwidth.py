"""Narrow-band sound: speech without energy above 4 kHz, as telephones, 8 kHz sampling and hands-free headsets leave it.

Measured on the speech alone. The sibilants of a wide-band voice, soft ones included, bring the band from 4.5 to 7.4 kHz
to within about 30 dB of the loudest frames between 300 and 3400 Hz (RAVDESS, nEMO, LibriSpeech). Through a narrow-band
channel what is left there is the channel's own noise, more than 60 dB below. Noise that is added behind the channel
fills the band, but evenly: it does not rise with the sibilants. Where such noise is as loud as sibilants would be,
nothing can be said, and the sound counts as wide-band. Sound sampled at 16 kHz is wide-band.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]

MIN_SPEECH_S: Final = 3.0
"""With less speech nothing is said: there may have been no sibilant in it."""

LOW_HZ: Final = (300.0, 3400.0)
HIGH_HZ: Final = (4500.0, 7400.0)
"""Above the slopes of filters at 4 kHz, and below those at 8 kHz."""

ABSENT_DB: Final = -45.0
"""The high band's loud frames (95th percentile) against those of the low band: below this no sibilant is there."""
MASKED_DB: Final = -26.0
"""Up to here a high band that hardly changes (by less than :data:`STEADY_DB`) is noise from behind the channel."""
STEADY_DB: Final = 3.0
"""From the 10th to the 95th percentile. Stationary noise in frames of this size and band changes by 2.2 dB."""

_FRAME_S: Final = 0.0232
_LOUD, _SOFT = 0.95, 0.10
_LOWEST_DB: Final = -150


class Bandwidth:
    """Levels of the low and the high band over all speech so far, as histograms. Memory stays flat."""

    def __init__(self, rate_hz: int) -> None:
        """``rate_hz`` of the sound, at least 16,000."""
        self._size = round(_FRAME_S * rate_hz)
        self._frame_s = self._size / rate_hz
        self._window = np.hanning(self._size)
        frequencies = np.fft.rfftfreq(self._size, 1 / rate_hz)
        self._low, self._high = (
            (frequencies >= lowest) & (frequencies < highest) for lowest, highest in (LOW_HZ, HIGH_HZ)
        )
        self._held = np.zeros(0, np.float32)
        self._low_counts, self._high_counts = np.zeros(-_LOWEST_DB), np.zeros(-_LOWEST_DB)

    def hear(self, speech: Samples) -> None:
        """The next stretch of speech: float32 (n,) in -1..1. What does not fill a frame waits for the next stretch."""
        held = np.concatenate([self._held, speech])
        whole = held.size // self._size * self._size
        frames, self._held = held[:whole].reshape(-1, self._size), held[whole:]
        power = np.abs(np.fft.rfft(frames * self._window, axis=1)) ** 2 / self._size**2
        self._low_counts += _histogram(power[:, self._low].sum(axis=1))
        self._high_counts += _histogram(power[:, self._high].sum(axis=1))

    @property
    def speech_s(self) -> float:
        """Seconds of speech measured so far."""
        return float(self._low_counts.sum()) * self._frame_s

    @property
    def high_db(self) -> float:
        """The loud frames of the high band against those of the low band; 0 without speech."""
        return _quantile(self._high_counts, _LOUD) - _quantile(self._low_counts, _LOUD)

    @property
    def is_narrow(self) -> bool:
        """Whether the speech came through a narrow-band channel; False while there is too little of it to say."""
        if self.speech_s < MIN_SPEECH_S:
            return False
        changes_db = _quantile(self._high_counts, _LOUD) - _quantile(self._high_counts, _SOFT)
        return self.high_db < ABSENT_DB or (self.high_db < MASKED_DB and changes_db < STEADY_DB)


def _histogram(power: Floats) -> Floats:
    """Counts (150,) of frames by level, in steps of 1 dB below full scale."""
    level_db = 10 * np.log10(power + 10 ** (_LOWEST_DB / 10))
    at = np.clip(np.floor(level_db), _LOWEST_DB, -1).astype(np.int64) - _LOWEST_DB
    return np.bincount(at, minlength=-_LOWEST_DB).astype(np.float64)


def _quantile(counts: Floats, share: float) -> float:
    """The level in dB, interpolated inside its step, below which this share of the frames lies; 0 without frames."""
    total = counts.sum()
    if total == 0:
        return 0.0
    cumulated = np.cumsum(counts)
    at = int(np.searchsorted(cumulated, share * total))
    before = cumulated[at - 1] if at else 0.0
    return _LOWEST_DB + at + float((share * total - before) / counts[at])
