"""Level normalisation by speaker: every speaker is scaled to one usual level, in training and in serving.

RAVDESS was recorded about 15 dB below a usual video call. A network that has learnt absolute level from it finds anger
in every ordinary recording. After the scaling only the difference from the speaker's usual level is left, and the gain
of the microphone has no influence.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from ml.arrays import Samples
from ml.speech_emotion.features.mfcc import COEFFICIENTS, MELS, SKIPPED_S
from ml.speech_emotion.features.window import SAMPLE_RATE
from ml.voice.dsp import rms_db

REFERENCE_DB: Final = -26.0
"""Usual level of every speaker, after scaling, in decibels of full scale (RMS)."""

USUAL_PERCENTILE: Final = 25.0
"""The usual level is this percentile of the levels of a speaker's windows. In RAVDESS, where most clips are acted
louder, it is the level of the neutral and calm ones; in an interview, where most speech is neutral, it is nearly the
median."""

_SILENCE_DB: Final = -80.0
_MAX_GAIN_DB: Final = 40.0

FEATURES_PER_DB: Final = float(np.sqrt(MELS) / COEFFICIENTS)
"""A gain of 1 dB raises the mean MFCC by this: the gain is in the first coefficient alone, which is the sum of the mel
bands' decibels over the root of their number."""


def level_db(samples: Samples) -> float:
    """RMS level of a window (66150,) after its first half second, in decibels of full scale; silence is -80."""
    return float(max(_SILENCE_DB, rms_db(samples[int(SKIPPED_S * SAMPLE_RATE) :])))


def gain_db(levels_db: npt.ArrayLike) -> float:
    """The gain that brings a speaker, with windows of these levels, to the reference; at most 40 dB either way."""
    usual = float(np.percentile(np.asarray(levels_db, dtype=np.float64), USUAL_PERCENTILE))
    return float(np.clip(REFERENCE_DB - usual, -_MAX_GAIN_DB, _MAX_GAIN_DB))


class SpeakerLevel:
    """The usual level of one speaker, from all their windows so far. Not shared between recordings."""

    def __init__(self) -> None:
        self._levels_db: list[float] = []

    def to_reference(self, samples: Samples) -> Samples:
        """A window of speech (66150,), scaled so that the speaker's usual level so far is the reference."""
        level = level_db(samples)
        if level > _SILENCE_DB:
            self._levels_db.append(level)
        if not self._levels_db:
            return samples
        return np.asarray(samples * np.float32(10 ** (gain_db(self._levels_db) / 20)), np.float32)
