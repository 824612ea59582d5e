"""Three seconds of speech as the log-mel spectrogram that Whisper's encoder takes (Radford et al. 2022, section 2.1).

80 Slaney mel bands of sound at 16 kHz, frames of 400 samples every 160 (10 ms), decimal logarithm, floor 8 below the
maximum, divided by 4. Whisper adds a constant afterwards; here the maximum is a constant instead, so that the gain of
the microphone has no influence. Computed with numpy alone: nothing is compiled on the live path.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion.features.mel import filter_bank, hann
from ml.speech_emotion.features.mfcc import SAMPLE_RATE, WINDOW_S, WINDOW_SAMPLES

RATE: Final = 16_000
"""Hz at which the spectrogram is computed."""

SAMPLES: Final = int(RATE * WINDOW_S)
MELS: Final = 80
FRAMES: Final = 300
INPUT_SHAPE: Final = (1, FRAMES, MELS)
"""What networks on this front end take, one example at a time."""

LEAD_S: Final = 0.25
"""The window begins this much before the speech that it is to name."""

_FFT: Final = 400
_HOP: Final = 160
_LEAST_POWER: Final = 1e-20  # so low that the floor below the maximum counts, however quiet the sound
_RANGE: Final = 8.0
_SCALE: Final = 4.0
_MAXIMUM: Final = 1.5  # of speech at a usual level in Whisper's own scaling

Floats = npt.NDArray[np.float32]


def log_mel(samples: Floats) -> Floats:
    """Sound float32 (48000,) at 16 kHz, -1..1, to the spectrogram float32 (300, 80); silence is the constant maximum.

    Raises ``ValueError`` for any other length.
    """
    if samples.shape != (SAMPLES,):
        raise ValueError(f"A window of speech has {SAMPLES} samples, not {samples.shape}.")
    padded = np.pad(samples.astype(np.float32), _FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP][:FRAMES]
    spectrum = np.fft.rfft(frames * hann(_FFT), axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    decades = np.log10(np.maximum(power @ filter_bank(RATE, _FFT, MELS).T, _LEAST_POWER))
    relative = np.maximum(decades - decades.max(), -_RANGE)
    return np.asarray(relative / _SCALE + _MAXIMUM, dtype=np.float32)


def to_rate(samples: Floats, rate_hz: int, wanted_hz: int = RATE) -> Floats:
    """Sound (n,) at ``rate_hz`` to ``wanted_hz``, band-limited: the spectrum is cut or filled with zeros."""
    count = round(len(samples) * wanted_hz / rate_hz)
    if count == len(samples):
        return np.asarray(samples, dtype=np.float32)
    spectrum = np.fft.rfft(samples)
    kept = np.zeros(count // 2 + 1, dtype=spectrum.dtype)
    shared = min(len(kept), len(spectrum))
    kept[:shared] = spectrum[:shared]
    return np.asarray(np.fft.irfft(kept, n=count) * (count / len(samples)), dtype=np.float32)


def to_input(samples: Floats) -> Floats:
    """One window of speech float32 (66150,) at 22,050 Hz, -1..1, to float32 (1, 300, 80).

    Raises ``ValueError`` for any other length.
    """
    if samples.shape != (WINDOW_SAMPLES,):
        raise ValueError(f"A window of speech has {WINDOW_SAMPLES} samples, not {samples.shape}.")
    return log_mel(to_rate(samples, SAMPLE_RATE))[np.newaxis]
