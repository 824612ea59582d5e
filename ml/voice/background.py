"""How much sound is there that is neither silence nor speech? Kept as counts by level, so that hours cost nothing."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Counts = NDArray[np.float64]

BLOCK_S: Final = 0.1
AUDIBLE_DB: Final = -50.0
"""RMS level from which a block is called sound; a quiet room and its microphone stay below."""
SOFTER_DB: Final = 15.0
"""Where somebody speaks, other sound counts when it is at most so much softer than they usually are; pauses, breath
and the room's answer are softer."""
_LOWEST_DB: Final = -90


class OtherSound:
    """Levels of all sound and of what is speech, in blocks of a tenth of a second."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._all = np.zeros(1 - _LOWEST_DB)
        self._spoken = np.zeros(1 - _LOWEST_DB)

    def hear(self, samples: Samples) -> None:
        """The next piece of all sound."""
        self._count(samples, self._all)

    def speak(self, samples: Samples) -> None:
        """A piece that is speech, as it stands in all sound."""
        self._count(samples, self._spoken)

    @property
    def seconds(self) -> float:
        """Of sound beside the speech: as loud as :data:`AUDIBLE_DB` and, with speech, as :data:`SOFTER_DB` says."""
        least_db = AUDIBLE_DB
        if self._spoken.sum() > 0:
            usual = int(np.searchsorted(np.cumsum(self._spoken), self._spoken.sum() / 2))
            least_db = max(least_db, usual + _LOWEST_DB - SOFTER_DB)
        loud = slice(int(least_db) - _LOWEST_DB, None)
        return max(0.0, float(self._all[loud].sum() - self._spoken[loud].sum()))

    def _count(self, samples: Samples, counts: Counts) -> None:
        for block in self._blocks(samples):
            level_db = 10 * np.log10(np.mean(np.square(block, dtype=np.float64)) + 1e-12)
            counts[int(np.clip(level_db, _LOWEST_DB, 0)) - _LOWEST_DB] += block.size / self._rate_hz

    def _blocks(self, samples: Samples) -> Iterator[Samples]:
        size = round(BLOCK_S * self._rate_hz)
        return (samples[at : at + size] for at in range(0, samples.size, size))
