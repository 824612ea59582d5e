"""Three seconds of speech as the log-mel spectrogram that Whisper's encoder takes (Radford et al. 2022, section 2.1).

80 Slaney mel bands of sound at 16 kHz, frames of 400 samples every 160 (10 ms), decimal logarithm, floor 8 below the
maximum, divided by 4. Whisper adds a constant afterwards; here the maximum is a constant instead, so that the gain of
the microphone has no influence. Computed with numpy alone: nothing is compiled on the live path.
"""

from typing import Final

import numpy as np

from ml.arrays import Float32, Samples
from ml.speech_emotion.features.window import SAMPLE_RATE, checked
from ml.voice.dsp import hann, resampled
from ml.voice.mel import slaney_filter_bank
from ml.voice.windows import WINDOW_S

FEATURE_RATE: Final = 16_000
"""Hz at which the spectrogram is computed."""

FEATURE_SAMPLES: Final = int(FEATURE_RATE * WINDOW_S)
MELS: Final = 80
FRAMES: Final = 300
INPUT_SHAPE: Final = (1, FRAMES, MELS)
"""What networks on this front end take, one example at a time."""

LEAD_S: Final = 0.25
"""The window begins this much before its speech."""

_FFT: Final = 400
_HOP: Final = 160
_LEAST_POWER: Final = 1e-20  # so low that the floor below the maximum counts, however quiet the sound
_RANGE: Final = 8.0
_SCALE: Final = 4.0
_MAXIMUM: Final = 1.5  # of speech at a usual level in Whisper's own scaling


def log_mel(samples: Samples) -> Float32:
    """Sound (48000,) at 16 kHz to the spectrogram (300, 80); of silence every value is the constant maximum.

    Raises ``ValueError`` for any other length.
    """
    padded = np.pad(checked(samples, FEATURE_SAMPLES).astype(np.float32), _FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP][:FRAMES]
    spectrum = np.fft.rfft(frames * hann(_FFT), axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    decades = np.log10(np.maximum(power @ slaney_filter_bank(FEATURE_RATE, _FFT, MELS).T, _LEAST_POWER))
    relative = np.maximum(decades - decades.max(), -_RANGE)
    return np.asarray(relative / _SCALE + _MAXIMUM, dtype=np.float32)


def to_input(samples: Samples) -> Float32:
    """One window of speech (66150,) at 22,050 Hz to the network's input (1, 300, 80).

    Raises ``ValueError`` for any other length.
    """
    return log_mel(resampled(checked(samples), SAMPLE_RATE, FEATURE_RATE))[np.newaxis]
