"""Sound corruptions: noise of two colours, and the telephone band."""

from typing import Final, Literal

import numpy as np

from ml.arrays import Float64, Samples
from ml.voice.dsp import band_pass

Colour = Literal["white", "pink"]

TELEPHONE_HZ: Final = (300.0, 3400.0)


def noise(colour: Colour, count: int, random: np.random.Generator) -> Float64:
    """Gaussian noise (count,): white of unit variance, or pink, whose power falls by 3 dB an octave."""
    white = random.standard_normal(count)
    if colour == "white":
        return np.asarray(white)
    spectrum = np.fft.rfft(white)
    return np.asarray(np.fft.irfft(spectrum / np.sqrt(np.maximum(1.0, np.arange(spectrum.size))), n=count))


def telephone_band(samples: Samples, rate_hz: int, *, size: int | None = None) -> Samples:
    """Sound (n,) through a telephone's band; ``size`` as in :func:`ml.voice.dsp.band_pass`."""
    return band_pass(samples, rate_hz, *TELEPHONE_HZ, size=size)
