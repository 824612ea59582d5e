"""Corruptions of speech that a version is measured under: noises, bands, levels, and a window that begins mid-word."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ml.training.speech_emotion.encoder.augmentation import TELEPHONE_HZ, band, first_window, noise, with_noise

Floats = npt.NDArray[np.float32]
Corruption = Callable[[Floats, Sequence[Floats], np.random.Generator], Floats]
"""From a clip at 16 kHz, clips of other speakers for babble, and a generator to the window (48000,) that is read."""

LATE_S: Final = 0.4
"""The window begins so long after it should, which is 0.15 s into the speech: mid-word."""


def noisy(kind: str, ratio_db: float) -> Corruption:
    """Noise ``ratio_db`` below the mean power of the speech."""
    return lambda samples, others, random: with_noise(first_window(samples), noise(kind, others, random), ratio_db)


def gain(decibels: float) -> Corruption:
    """Another level of the microphone; what exceeds full scale is clipped, as converters do."""
    factor = np.float32(10 ** (decibels / 20))
    return lambda samples, others, random: np.clip(first_window(samples) * factor, -1, 1)


CORRUPTIONS: Final[Mapping[str, Corruption]] = {
    "white noise 10 dB below": noisy("white", 10),
    "pink noise 10 dB below": noisy("pink", 10),
    "babble 10 dB below": noisy("babble", 10),
    "white noise 5 dB below": noisy("white", 5),
    "pink noise 5 dB below": noisy("pink", 5),
    "babble 5 dB below": noisy("babble", 5),
    "telephone band": lambda samples, others, random: band(first_window(samples), *TELEPHONE_HZ),
    "12 dB louder": gain(12),
    "12 dB softer": gain(-12),
    f"begins {LATE_S:g} s late": lambda samples, others, random: first_window(samples, LATE_S),
}
