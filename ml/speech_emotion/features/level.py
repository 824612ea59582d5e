"""How loud a speaker usually is: what is louder or softer than that says something, the microphone's gain does not.

RAVDESS was recorded about 15 dB below a usual video call. A network that has learnt absolute loudness from it hears
anger in every ordinary recording. So each speaker is brought to one usual level, in training and in serving; what
remains is how much louder or softer than usual they speak.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion.features.mfcc import COEFFICIENTS, MELS, SAMPLE_RATE, SKIPPED_S

REFERENCE_DB: Final = -26.0
"""Usual level of every speaker, after scaling, in decibels of full scale (RMS)."""

USUAL_PERCENTILE: Final = 25.0
"""Of the levels of a speaker's windows. In RAVDESS, where most clips are acted louder, it is the level of the neutral
and calm ones; in an interview, where most speech is neutral, it is nearly the middle."""

_SILENCE_DB: Final = -80.0
_LARGEST_GAIN_DB: Final = 40.0

FEATURES_PER_DB: Final = float(np.sqrt(MELS) / COEFFICIENTS)
"""By how much a gain of 1 dB raises the mean MFCC: all of it is in the first coefficient, which is the sum of the mel
bands' decibels over the root of their number."""

Floats = npt.NDArray[np.float32]


def level_db(samples: Floats) -> float:
    """RMS level of the part of a window (66150,) that the network reads, in decibels of full scale; silence is -80."""
    kept = samples[int(SKIPPED_S * SAMPLE_RATE) :].astype(np.float64)
    return float(max(_SILENCE_DB, 10 * np.log10(np.mean(kept * kept) + 1e-12)))


def gain_db(levels_db: npt.ArrayLike) -> float:
    """The gain that brings a speaker, with windows of these levels, to the reference; at most 40 dB either way."""
    usual = float(np.percentile(np.asarray(levels_db, dtype=np.float64), USUAL_PERCENTILE))
    return float(np.clip(REFERENCE_DB - usual, -_LARGEST_GAIN_DB, _LARGEST_GAIN_DB))


class SpeakerLevel:
    """The usual level of one speaker, learnt from the windows heard so far. Not shared between recordings."""

    def __init__(self) -> None:
        self._levels_db: list[float] = []

    def to_reference(self, samples: Floats) -> Floats:
        """A window of speech (66150,), scaled so that the speaker's usual level so far is the reference."""
        level = level_db(samples)
        if level > _SILENCE_DB:
            self._levels_db.append(level)
        if not self._levels_db:
            return samples
        scaled: npt.NDArray[Any] = samples * np.float32(10 ** (gain_db(self._levels_db) / 20))
        return scaled.astype(np.float32)
