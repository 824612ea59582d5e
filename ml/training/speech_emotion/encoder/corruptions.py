"""Corruptions of speech that a version is measured under: noises, bands, levels, and a window that begins mid-word."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from ml.arrays import Samples
from ml.corruptions.sounds import telephone_band
from ml.speech_emotion.features.log_mel import FEATURE_RATE
from ml.training.speech_emotion.encoder.augmentation import NoiseKind, add_noise, first_window, noise

Corruption = Callable[[Samples, Sequence[Samples], np.random.Generator], Samples]
"""From a clip at 16 kHz, clips of other speakers for babble, and a generator to the corrupted window (48000,)."""

LATE_S: Final = 0.4
"""The late window begins so long after its usual beginning, which is 0.15 s into the speech: mid-word."""


def with_noise(kind: NoiseKind, snr_db: float) -> Corruption:
    """Noise at a signal-to-noise ratio against the speech."""
    return lambda samples, others, random: add_noise(first_window(samples), noise(kind, others, random), snr_db)


def with_gain(decibels: float) -> Corruption:
    """Another gain of the microphone; samples beyond full scale are clipped, as converters do."""
    factor = np.float32(10 ** (decibels / 20))
    return lambda samples, others, random: np.clip(first_window(samples) * factor, -1, 1)


CORRUPTIONS: Final[Mapping[str, Corruption]] = {
    "white noise 10 dB below": with_noise("white", 10),
    "pink noise 10 dB below": with_noise("pink", 10),
    "babble 10 dB below": with_noise("babble", 10),
    "white noise 5 dB below": with_noise("white", 5),
    "pink noise 5 dB below": with_noise("pink", 5),
    "babble 5 dB below": with_noise("babble", 5),
    "telephone band": lambda samples, others, random: telephone_band(first_window(samples), FEATURE_RATE),
    "12 dB louder": with_gain(12),
    "12 dB softer": with_gain(-12),
    f"begins {LATE_S:g} s late": lambda samples, others, random: first_window(samples, LATE_S),
}
