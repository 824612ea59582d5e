"""Augmentation of speech: speed, reverberation, equaliser, telephone band and noise on the sound, SpecAugment on the
spectrogram.

All corpora go through the same augmentation, so that a network cannot recognise a corpus by its microphones and rooms.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from ml.arrays import Float32, Samples
from ml.corruptions import sounds
from ml.speech_emotion.features.log_mel import FEATURE_RATE, FEATURE_SAMPLES, LEAD_S
from ml.voice.dsp import power_of_two, rms_db

SPEED: Final = (0.88, 1.12)
NOISE_DB: Final = (0.0, 28.0)
"""Range of the signal-to-noise ratio in decibels."""

BABBLE_VOICES: Final = 6

NoiseKind = Literal["white", "pink", "babble"]
NOISES: Final[tuple[NoiseKind, ...]] = ("white", "pink", "babble")

_PROBABILITY: Final = {"speed": 0.7, "reverberation": 0.3, "equaliser": 0.3, "telephone": 0.2, "noise": 0.5}
_MIN_SPEECH_S: Final = 1.5
_SPEECH_DB: Final = -35.0
_BLOCK: Final = FEATURE_RATE // 50
_TIME_MASKS: Final = (2, 30)
_BAND_MASKS: Final = (2, 12)

Random = np.random.Generator


def speech_span(samples: Samples) -> tuple[int, int]:
    """First and last sample of the speech of a clip: of all blocks of 20 ms that are less than 35 dB softer than the
    loudest."""
    level_db = rms_db(samples[: len(samples) // _BLOCK * _BLOCK].reshape(-1, _BLOCK))
    loud = np.flatnonzero(level_db > level_db.max() + _SPEECH_DB)
    return int(loud[0]) * _BLOCK, (int(loud[-1]) + 1) * _BLOCK


def window_at(samples: Samples, first: int) -> Samples:
    """Three seconds (48000,) from sample ``first`` on, zeros beyond the ends of the clip."""
    window = np.zeros(FEATURE_SAMPLES, np.float32)
    begin, end = max(first, 0), min(first + FEATURE_SAMPLES, len(samples))
    if begin < end:
        window[begin - first : end - first] = samples[begin:end]
    return window


def first_window(samples: Samples, late_s: float = 0.0) -> Samples:
    """The first window of serving, which begins ``LEAD_S`` before the speech; or ``late_s`` later."""
    return window_at(samples, speech_span(samples)[0] + round((late_s - LEAD_S) * FEATURE_RATE))


def augment(samples: Samples, babble: Sequence[Samples], random: Random) -> Samples:
    """An augmented window (48000,) at a random place of a clip's speech; ``babble`` are clips of other speakers."""
    if random.random() < _PROBABILITY["speed"]:
        samples = change_speed(samples, random.uniform(*SPEED))
    window = _random_window(samples, random)
    if random.random() < _PROBABILITY["reverberation"]:
        window = reverberate(window, random)
    if random.random() < _PROBABILITY["equaliser"]:
        window = equalise(window, random)
    has_noise = random.random() < _PROBABILITY["noise"]
    is_telephone = random.random() < _PROBABILITY["telephone"]
    if has_noise:
        kind = NOISES[random.integers(3)]
        window = add_noise(window, noise(kind, babble, random), random.uniform(*NOISE_DB))
    return sounds.telephone_band(window, FEATURE_RATE) if is_telephone else window


def spec_augment(spectrogram: Float32, random: Random) -> Float32:
    """SpecAugment (Park et al. 2019): two time masks and two frequency masks, at the spectrogram's mean."""
    masked = spectrogram.copy()
    for axis, (count, longest) in enumerate((_TIME_MASKS, _BAND_MASKS)):
        for _ in range(count):
            width = int(random.integers(longest + 1))
            start = int(random.integers(spectrogram.shape[axis] - width + 1))
            where = (
                (slice(start, start + width), slice(None)) if axis == 0 else (slice(None), slice(start, start + width))
            )
            masked[where] = spectrogram.mean()
    return masked


def change_speed(samples: Samples, factor: float) -> Samples:
    """Played ``factor`` times as fast, which changes the pitch, too."""
    at = np.arange(0, len(samples) - 1, factor)
    return np.asarray(np.interp(at, np.arange(len(samples)), samples), np.float32)


def reverberate(samples: Samples, random: Random) -> Samples:
    """Reverberation with a reverberation time of 0.1 to 0.6 s: exponentially decaying noise as impulse response."""
    time_s, level = random.uniform(0.1, 0.6), random.uniform(0.05, 0.5)
    count = int(time_s * FEATURE_RATE)
    response = random.normal(size=count) * np.exp(-6.9 * np.arange(count) / count)
    response *= level / np.sqrt(np.sum(response * response))
    response[0] += 1.0
    size = power_of_two(len(samples) + count)
    wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size)
    return wet[: len(samples)].astype(np.float32)


def equalise(samples: Samples, random: Random) -> Samples:
    """A microphone's frequency response: a tilt of up to 3 dB an octave, a low cut and a high cut."""
    spectrum, hz = np.fft.rfft(samples), np.fft.rfftfreq(len(samples), 1 / FEATURE_RATE)
    tilt_db = random.uniform(-3, 3) * np.log2(np.maximum(hz, 50) / 1000)
    response = 10 ** (tilt_db / 20)
    response /= np.sqrt(1 + (random.uniform(40, 200) / np.maximum(hz, 1)) ** 4)
    response /= np.sqrt(1 + (hz / random.uniform(3500, 9000)) ** 8)
    return np.fft.irfft(spectrum * response, len(samples)).astype(np.float32)


def noise(kind: NoiseKind, babble: Sequence[Samples], random: Random) -> Samples:
    """Three seconds (48000,) of white or pink noise, or of babble: six other clips at once, equally loud."""
    if kind != "babble":
        return sounds.noise(kind, FEATURE_SAMPLES, random).astype(np.float32)
    total = np.zeros(FEATURE_SAMPLES, np.float32)
    for number in random.integers(len(babble), size=BABBLE_VOICES):
        clip = babble[number]
        piece = window_at(clip, int(random.integers(max(1, len(clip) - FEATURE_SAMPLES))))
        total += piece / (np.sqrt(np.mean(piece * piece)) + 1e-6)
    return total


def add_noise(samples: Samples, noise: npt.NDArray[Any], snr_db: float) -> Samples:
    """A window with noise at a signal-to-noise ratio; zeros of the window do not count as signal."""
    signal = samples[np.abs(samples) > 0]
    power = float(np.mean(np.square(signal, dtype=np.float64))) if signal.size else 1e-8
    scale = np.sqrt(power * 10 ** (-snr_db / 10) / (np.mean(np.square(noise, dtype=np.float64)) + 1e-12))
    return np.asarray(samples + noise * scale, np.float32)


def _random_window(samples: Samples, random: Random) -> Samples:
    """A window that begins at a random place: from 0.4 s before the speech to where 1.5 s or two thirds of it are
    left, whichever is more."""
    first, last = speech_span(samples)
    left = max(_MIN_SPEECH_S * FEATURE_RATE, (last - first) * 2 / 3)
    latest = max(first, round(last - left))
    return window_at(samples, int(random.integers(first - round(0.4 * FEATURE_RATE), latest + 1)))
