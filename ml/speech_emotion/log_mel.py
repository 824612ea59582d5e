"""Three seconds of speech as a log-mel picture that does not depend on how loud the microphone was.

80 Slaney mel bands between 60 and 7,600 Hz, so that sound recorded at 16 kHz loses nothing; frames of 1024 samples
every 512 at 22,050 Hz (23 ms). Computed with numpy alone: no compilation on the live path.
"""

import functools
from typing import Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion.preprocessing import SAMPLE_RATE, WINDOW_SAMPLES, hz_to_mel, mel_to_hz

MELS: Final = 80
FFT: Final = 1024
HOP: Final = 512
FRAMES: Final = WINDOW_SAMPLES // HOP
INPUT_SHAPE: Final = (1, FRAMES, MELS, 1)
"""The picture of one window: (1, 129, 80, 1)."""

LEAD_S: Final = 0.25
"""The window begins this much before the speech that it is to name."""

SILENCE_DB: Final = -140.0
"""What a frame reads where nothing was recorded; so low that a quiet recording is not cut off by it."""

_LOWEST_HZ, _HIGHEST_HZ = 60.0, 7600.0
_LOUD_PERCENTILE: Final = 90.0
_RANGE_DB: Final = 60.0
_LOUD_AT: Final = 2.0
_DB_PER_UNIT: Final = 15.0

Floats = npt.NDArray[np.float32]


def spectrogram(samples: Floats) -> Floats:
    """Mel bands (frames, 80) of samples (n,), in decibels of full scale; frame i is centred at sample ``i * HOP``."""
    padded = np.pad(samples.astype(np.float32), FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT)[::HOP]
    power = np.abs(np.fft.rfft(frames * _hann(), axis=1)).astype(np.float32) ** 2
    bands = power @ _filters().T
    return np.asarray(10 * np.log10(np.maximum(bands, 10 ** (SILENCE_DB / 10))), dtype=np.float32)


def standardise(decibels: npt.NDArray[np.floating]) -> Floats:
    """Pictures (n, 129, 80) in decibels to the network's input (n, 129, 80, 1).

    The loud frames of a picture (its 90th percentile) read 2 and 60 dB below the loudest point is the floor, whatever
    the gain of the microphone: a louder copy of the same sound gives the same numbers.
    """
    floor = decibels.max(axis=(1, 2), keepdims=True) - _RANGE_DB
    loud = np.percentile(decibels.max(axis=2), _LOUD_PERCENTILE, axis=1)[:, np.newaxis, np.newaxis]
    units = (np.maximum(decibels, floor) - loud) / _DB_PER_UNIT + _LOUD_AT
    return np.asarray(units, dtype=np.float32)[..., np.newaxis]


def to_input(samples: Floats) -> Floats:
    """One window of speech float32 (66150,) at 22,050 Hz, -1..1, to float32 (1, 129, 80, 1).

    Raises ``ValueError`` for any other length.
    """
    if samples.shape != (WINDOW_SAMPLES,):
        raise ValueError(f"A window of speech has {WINDOW_SAMPLES} samples, not {samples.shape}.")
    return standardise(spectrogram(samples)[np.newaxis, :FRAMES])


@functools.cache
def _hann() -> Floats:
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT) / FFT), dtype=np.float32)


@functools.cache
def _filters() -> Floats:
    """Triangular filters (mels, bins) whose weights sum to one, so that a band reads the mean power in it."""
    edges = mel_to_hz(np.linspace(hz_to_mel(_LOWEST_HZ), hz_to_mel(_HIGHEST_HZ), MELS + 2))
    bins = np.linspace(0, SAMPLE_RATE / 2, FFT // 2 + 1)
    widths = np.diff(edges)[:, np.newaxis]
    ramps = bins - edges[:, np.newaxis]
    triangles = np.maximum(0, np.minimum(ramps[:-2] / widths[:-1], -ramps[2:] / widths[1:]))
    return np.asarray(triangles / triangles.sum(axis=1, keepdims=True), dtype=np.float32)
