"""Narrow-band sound: speech without energy above 4 kHz, as telephones, 8 kHz sampling and hands-free headsets leave it.

Measured on the speech alone. The sibilants of a wide-band voice, soft ones included, bring the band from 4.5 to 7.4 kHz
to within about 30 dB of the loudest frames between 300 and 3400 Hz (RAVDESS, nEMO, LibriSpeech). Behind a narrow-band
channel only the channel's own noise is left there, more than 60 dB below. Noise that is added after the channel fills
the band, but evenly: it does not rise with the sibilants. Where such noise is as loud as sibilants would be, the
bandwidth cannot be measured, and the sound counts as wide-band. Sound sampled at 16 kHz is wide-band.
"""

from typing import Final

import numpy as np

from ml.arrays import Float64, Samples

MIN_SPEECH_S: Final = 3.0
"""With less speech the bandwidth is not measured: there may have been no sibilant."""

LOW_HZ: Final = (300.0, 3400.0)
HIGH_HZ: Final = (4500.0, 7400.0)
"""Above the slopes of filters at 4 kHz, and below those at 8 kHz."""

ABSENT_DB: Final = -45.0
"""Level of the loud frames (95th percentile) of the high band relative to those of the low band. Below this there are
no sibilants."""
MASKED_DB: Final = -26.0
"""Up to this level, a high band that varies by less than :data:`STEADY_DB` is noise added after the channel."""
STEADY_DB: Final = 3.0
"""From the 10th to the 95th percentile. Stationary noise in frames of this size and band varies by 2.2 dB."""

_FRAME_S: Final = 0.0232
_LOUD: Final = 0.95
_SOFT: Final = 0.10
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
        self._pending = np.zeros(0, np.float32)
        self._low_counts, self._high_counts = np.zeros(-_LOWEST_DB), np.zeros(-_LOWEST_DB)

    def add(self, speech: Samples) -> None:
        """The next piece of speech. Samples that do not fill a frame wait for the next piece."""
        pending = np.concatenate([self._pending, speech])
        whole = pending.size // self._size * self._size
        frames, self._pending = pending[:whole].reshape(-1, self._size), pending[whole:]
        power = np.abs(np.fft.rfft(frames * self._window, axis=1)) ** 2 / self._size**2
        self._low_counts += _histogram(power[:, self._low].sum(axis=1))
        self._high_counts += _histogram(power[:, self._high].sum(axis=1))

    @property
    def speech_s(self) -> float:
        """Seconds of speech measured so far."""
        return float(self._low_counts.sum()) * self._frame_s

    @property
    def high_db(self) -> float:
        """The loud frames of the high band relative to those of the low band; 0 without speech."""
        return _quantile(self._high_counts, _LOUD) - _quantile(self._low_counts, _LOUD)

    @property
    def is_narrow(self) -> bool:
        """Whether the speech came through a narrow-band channel; False while there is too little of it to measure."""
        if self.speech_s < MIN_SPEECH_S:
            return False
        variation_db = _quantile(self._high_counts, _LOUD) - _quantile(self._high_counts, _SOFT)
        return self.high_db < ABSENT_DB or (self.high_db < MASKED_DB and variation_db < STEADY_DB)


def _histogram(power: Float64) -> Float64:
    """Counts (150,) of frames by level, in steps of 1 dB below full scale."""
    level_db = 10 * np.log10(power + 10 ** (_LOWEST_DB / 10))
    at = np.clip(np.floor(level_db), _LOWEST_DB, -1).astype(np.int64) - _LOWEST_DB
    return np.bincount(at, minlength=-_LOWEST_DB).astype(np.float64)


def _quantile(counts: Float64, share: float) -> float:
    """The level in dB, interpolated inside its step, below which this share of the frames lies; 0 without frames."""
    total = counts.sum()
    if total == 0:
        return 0.0
    cumulated = np.cumsum(counts)
    at = int(np.searchsorted(cumulated, share * total))
    before = cumulated[at - 1] if at else 0.0
    return _LOWEST_DB + at + float((share * total - before) / counts[at])
