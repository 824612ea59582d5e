"""The same sound as it might have come instead: with noise, over a telephone, louder, softer, or at another rate."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion.preprocessing import SAMPLE_RATE

Floats = npt.NDArray[np.float32]
Change = Callable[[Floats, np.random.Generator], Floats]
"""From samples (n,) at 22,050 Hz to as many, as they might have come instead."""

TELEPHONE_HZ: Final = (300.0, 3400.0)
WIDE_BAND_HZ: Final = 16_000 / 2


def noisy(decibels: float) -> Change:
    """Pink noise, the sum of many sources in a room, ``decibels`` below the mean power of the sound."""

    def change(samples: Floats, random: np.random.Generator) -> Floats:
        spectrum = np.fft.rfft(random.normal(size=len(samples)))
        spectrum /= np.sqrt(np.maximum(1.0, np.arange(len(spectrum))))
        noise = np.fft.irfft(spectrum, n=len(samples))
        power = float(np.mean(np.square(samples, dtype=np.float64))) * 10 ** (-decibels / 10)
        return np.asarray(samples + noise * np.sqrt(power / np.mean(noise * noise)), dtype=np.float32)

    return change


def band(lowest_hz: float, highest_hz: float) -> Change:
    """Nothing outside a band of frequencies."""

    def change(samples: Floats, random: np.random.Generator) -> Floats:
        spectrum = np.fft.rfft(samples)
        frequencies = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
        spectrum[(frequencies < lowest_hz) | (frequencies > highest_hz)] = 0
        return np.asarray(np.fft.irfft(spectrum, n=len(samples)), dtype=np.float32)

    return change


def gain(decibels: float) -> Change:
    """Another level of the microphone; what exceeds full scale is cut off, as converters do."""
    factor = np.float32(10 ** (decibels / 20))
    return lambda samples, random: np.asarray(np.clip(samples * factor, -1, 1), dtype=np.float32)


CHANGES: Final[Mapping[str, Change]] = {
    "noise 20 dB below": noisy(20),
    "noise 10 dB below": noisy(10),
    "noise 5 dB below": noisy(5),
    "telephone band": band(*TELEPHONE_HZ),
    "12 dB louder": gain(12),
    "12 dB softer": gain(-12),
    "recorded at 16 kHz": band(0.0, WIDE_BAND_HZ),
}
