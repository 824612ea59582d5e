"""Augmentation of speech: speed, rooms, bands and noises on the sound, masks on the spectrogram (SpecAugment).

All corpora go through the same augmentation, so that a network cannot tell a corpus from its microphones and rooms.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion.features.log_mel import FEATURE_RATE, FEATURE_SAMPLES, LEAD_S

SPEED: Final = (0.88, 1.12)
NOISE_DB: Final = (0.0, 28.0)
"""Range of the signal-to-noise ratio in decibels."""

TELEPHONE_HZ: Final = (300.0, 3400.0)
BABBLE_VOICES: Final = 6

_LIKELY: Final = {"speed": 0.7, "room": 0.3, "equaliser": 0.3, "telephone": 0.2, "noise": 0.5}
_LEAST_SPEECH_S: Final = 1.5
_SPEECH_DB: Final = -35.0
_BLOCK: Final = FEATURE_RATE // 50
_TIME_MASKS: Final = (2, 30)
_BAND_MASKS: Final = (2, 12)

Floats = npt.NDArray[np.float32]
Random = np.random.Generator


def speech_span(samples: Floats) -> tuple[int, int]:
    """First and last sample of what is at most 35 dB softer than the loudest 20 ms of a clip."""
    blocks = samples[: len(samples) // _BLOCK * _BLOCK].reshape(-1, _BLOCK).astype(np.float64)
    level = 10 * np.log10(np.mean(blocks * blocks, axis=1) + 1e-12)
    loud = np.flatnonzero(level > level.max() + _SPEECH_DB)
    return int(loud[0]) * _BLOCK, (int(loud[-1]) + 1) * _BLOCK


def window_at(samples: Floats, first: int) -> Floats:
    """Three seconds (48000,) from sample ``first`` on, zeros where the clip has nothing."""
    window = np.zeros(FEATURE_SAMPLES, np.float32)
    begin, end = max(first, 0), min(first + FEATURE_SAMPLES, len(samples))
    if begin < end:
        window[begin - first : end - first] = samples[begin:end]
    return window


def first_window(samples: Floats, late_s: float = 0.0) -> Floats:
    """The window that serving would read first: it begins ``LEAD_S`` before the speech; ``late_s`` after that."""
    return window_at(samples, speech_span(samples)[0] + round((late_s - LEAD_S) * FEATURE_RATE))


def augmented(samples: Floats, babble: Sequence[Floats], random: Random) -> Floats:
    """A window (48000,) of a clip at a random place of its speech, changed at random; ``babble`` are clips of other
    speakers."""
    if random.random() < _LIKELY["speed"]:
        samples = speed(samples, random.uniform(*SPEED))
    window = _somewhere(samples, random)
    if random.random() < _LIKELY["room"]:
        window = room(window, random)
    if random.random() < _LIKELY["equaliser"]:
        window = equaliser(window, random)
    noisy = random.random() < _LIKELY["noise"]
    telephone = random.random() < _LIKELY["telephone"]
    if noisy:
        kind = ("white", "pink", "babble")[random.integers(3)]
        window = with_noise(window, noise(kind, babble, random), random.uniform(*NOISE_DB))
    return band(window, *TELEPHONE_HZ) if telephone else window


def masked(spectrogram: Floats, random: Random) -> Floats:
    """Two bands of time and two of frequency at the spectrogram's mean (SpecAugment, Park et al. 2019)."""
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


def speed(samples: Floats, factor: float) -> Floats:
    """Played ``factor`` times as fast, with the pitch that follows."""
    at = np.arange(0, len(samples) - 1, factor)
    return np.asarray(np.interp(at, np.arange(len(samples)), samples), np.float32)


def room(samples: Floats, random: Random) -> Floats:
    """Reverberation of a room with a reverberation time of 0.1 to 0.6 s: exponentially decaying noise."""
    time_s, level = random.uniform(0.1, 0.6), random.uniform(0.05, 0.5)
    count = int(time_s * FEATURE_RATE)
    tail = random.normal(size=count) * np.exp(-6.9 * np.arange(count) / count)
    tail *= level / np.sqrt(np.sum(tail * tail))
    tail[0] += 1.0
    size = 1 << (len(samples) + count - 1).bit_length()
    wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(tail, size), size)
    return wet[: len(samples)].astype(np.float32)


def equaliser(samples: Floats, random: Random) -> Floats:
    """A microphone's response: up to 6 dB an octave's tilt over the band, a low cut and a high cut."""
    spectrum, hz = _spectrum(samples)
    tilt_db = random.uniform(-3, 3) * np.log2(np.maximum(hz, 50) / 1000)
    response = 10 ** (tilt_db / 20)
    response /= np.sqrt(1 + (random.uniform(40, 200) / np.maximum(hz, 1)) ** 4)
    response /= np.sqrt(1 + (hz / random.uniform(3500, 9000)) ** 8)
    return np.fft.irfft(spectrum * response, len(samples)).astype(np.float32)


def band(samples: Floats, lowest_hz: float, highest_hz: float) -> Floats:
    """Nothing outside a band of frequencies."""
    spectrum, hz = _spectrum(samples)
    spectrum[(hz < lowest_hz) | (hz > highest_hz)] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def noise(kind: str, babble: Sequence[Floats], random: Random) -> Floats:
    """Three seconds (48000,) of ``white`` or ``pink`` noise, or of ``babble``: six other clips at once."""
    if kind == "babble":
        chosen = random.integers(len(babble), size=BABBLE_VOICES)
        total = np.zeros(FEATURE_SAMPLES, np.float32)
        for number in chosen:
            clip = babble[number]
            piece = window_at(clip, int(random.integers(max(1, len(clip) - FEATURE_SAMPLES))))
            total += piece / (np.sqrt(np.mean(piece * piece)) + 1e-6)
        return total
    samples: npt.NDArray[Any] = random.normal(size=FEATURE_SAMPLES)
    if kind == "pink":
        spectrum, _ = _spectrum(samples)
        spectrum /= np.sqrt(np.maximum(1.0, np.arange(len(spectrum))))
        samples = np.fft.irfft(spectrum, FEATURE_SAMPLES)
    return samples.astype(np.float32)


def with_noise(samples: Floats, added: Floats, ratio_db: float) -> Floats:
    """Noise at a signal-to-noise ratio against the speech of a window, its zeros left out."""
    heard = samples[np.abs(samples) > 0]
    power = float(np.mean(np.square(heard, dtype=np.float64))) if heard.size else 1e-8
    scale = np.sqrt(power * 10 ** (-ratio_db / 10) / (np.mean(np.square(added, dtype=np.float64)) + 1e-12))
    return np.asarray(samples + added * scale, np.float32)


def _somewhere(samples: Floats, random: Random) -> Floats:
    """A window at a random place: from a little before the speech to where 1.5 s of it, or a third, are left."""
    first, last = speech_span(samples)
    left = max(_LEAST_SPEECH_S * FEATURE_RATE, (last - first) * 2 / 3)
    latest = max(first, round(last - left))
    return window_at(samples, int(random.integers(first - round(0.4 * FEATURE_RATE), latest + 1)))


def _spectrum(samples: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    return np.fft.rfft(samples), np.fft.rfftfreq(len(samples), 1 / FEATURE_RATE)
