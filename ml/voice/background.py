"""Background sound: what is audible in a recording and is not speech. Kept as a histogram of levels, so that memory
stays flat."""

from typing import Final

import numpy as np

from ml.arrays import Float64, Samples
from ml.voice.dsp import rms_db

BLOCK_S: Final = 0.1
AUDIBLE_DB: Final = -50.0
"""RMS level from which a block is audible; a quiet room and its microphone stay below."""
BELOW_SPEECH_DB: Final = 15.0
"""Beside speech, sound counts as background when it is at most so much softer than the speech usually is. Pauses,
breath and reverberation are softer."""
_LOWEST_DB: Final = -90


class BackgroundSound:
    """Histograms of the levels of all sound and of its speech, in blocks of :data:`BLOCK_S`."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._all = np.zeros(1 - _LOWEST_DB)
        self._speech = np.zeros(1 - _LOWEST_DB)

    def add(self, samples: Samples) -> None:
        """The next piece of all sound."""
        self._count(samples, self._all)

    def add_speech(self, samples: Samples) -> None:
        """A piece of the sound that is speech. It has been added as sound, too."""
        self._count(samples, self._speech)

    @property
    def seconds(self) -> float:
        """How long the background sound lasts: see :data:`AUDIBLE_DB` and :data:`BELOW_SPEECH_DB`."""
        least_db = AUDIBLE_DB
        if self._speech.sum() > 0:
            usual = int(np.searchsorted(np.cumsum(self._speech), self._speech.sum() / 2))
            least_db = max(least_db, usual + _LOWEST_DB - BELOW_SPEECH_DB)
        loud = slice(int(least_db) - _LOWEST_DB, None)
        return max(0.0, float(self._all[loud].sum() - self._speech[loud].sum()))

    def _count(self, samples: Samples, histogram: Float64) -> None:
        size = round(BLOCK_S * self._rate_hz)
        for at in range(0, samples.size, size):
            block = samples[at : at + size]
            histogram[int(np.clip(rms_db(block), _LOWEST_DB, 0)) - _LOWEST_DB] += block.size / self._rate_hz
