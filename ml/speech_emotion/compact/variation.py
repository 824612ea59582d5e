"""How a training window differs from the stored one: another voice, pace, microphone and room, and things hidden."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ml.speech_emotion import contours
from ml.speech_emotion.compact.frames import BEGIN, JITTER, PACE, Frames, cut
from ml.speech_emotion.dataset import Floats
from ml.speech_emotion.log_mel import FRAMES, MELS
from ml.speech_emotion.pitch import HIGHEST_HZ, LEVEL_DB, LOWEST_HZ, PITCH_HZ, VOICED

_RANGE_DB: Final = 60.0
_SPEECH_BELOW_LOUD_DB, _SOFTNESS_DB = 25.0, 3.0
"""Where, below the loud frames, a frame begins to count as speech, and how softly."""

_NOISE_OVER_BANDS_DB: Final = 10.0
"""Noise that masks single bands is this much stronger, summed over them, when it masks periods."""


_BITS_PER_DB: Final = float(np.log2(10) / 10)


@dataclass(frozen=True)
class Variation:
    """Frames and bands, decibels and semitones where that is said, else shares and logarithms of factors."""

    restyled: float = 0.8
    restyling: float = 0.5
    pitch: float = 0.08
    shift: float = 2.0
    semitones: float = 2.5
    spread: float = 0.2
    tilt_db: float = 4.0
    noisy: float = 0.4
    masks: int = 2
    widest_band: int = 12
    longest_mask: int = 15


def vary(stored: Frames, other: Frames | None, v: Variation, random: np.random.Generator) -> tuple[Floats, Floats]:
    """A window of stored frames (stored, 83) as a picture (129, 80) in decibels and a track (129, 3).

    With ``other``, stored frames of the same emotion by whomever, the voice takes on some of that one's manner: the
    mean and the spread of every band (as MixStyle does with a network's channels, Zhou et al. 2021) and of its pitch.
    """
    pace = float(np.exp(random.uniform(-PACE, PACE)))
    first = BEGIN + int(random.integers(-JITTER, JITTER + 1))
    window = stored[first : first + round(FRAMES * pace)].astype(np.float32)
    picture = cv2.resize(window[:, :MELS], (MELS, FRAMES), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    moments = np.linspace(0, len(window) - 1, FRAMES).round().astype(int)
    track = window[moments, MELS:]
    semitones, spread = 0.0, 1.0
    if other is not None:
        share = random.beta(v.restyling, v.restyling)
        window = cut(other[np.newaxis])[0]
        picture = _restyled(picture, window[:, :MELS], share)
        semitones, spread = _manner(track, window[:, MELS:], share)
    picture = _other_voice(picture, v, random)
    semitones += random.uniform(-v.semitones, v.semitones)
    spread *= random.uniform(1 - v.spread, 1 + v.spread)
    noise_db = None
    if random.random() < v.noisy:
        below_db = random.uniform(15, 45)
        picture = _noisy(picture, below_db, random)
        noise_db = contours.upper(track[:, LEVEL_DB], 0.95) - below_db + _NOISE_OVER_BANDS_DB
    return picture, _other_track(track, semitones, spread, noise_db)


def hide(picture: Floats, courses: Floats, v: Variation, random: np.random.Generator) -> None:
    """Hide some bands of a standardised picture, and some moments of it and of its contours, in place (SpecAugment,
    Park et al. 2019)."""
    for _ in range(v.masks):
        width, length = random.integers(v.widest_band), random.integers(v.longest_mask)
        band, moment = random.integers(MELS - width), random.integers(FRAMES - length)
        picture[:, band : band + width] = 0
        picture[moment : moment + length] = 0
        courses[moment : moment + length] = 0


def mixed(inputs: Floats, targets: Floats, mixing: float, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Every example of a batch with another one's share in it (mixup, Zhang et al. 2018); ``mixing`` is the parameter
    of the beta distribution that the share is drawn from."""
    share, partner = np.float32(random.beta(mixing, mixing)), random.permutation(len(inputs))
    return share * inputs + (1 - share) * inputs[partner], share * targets + (1 - share) * targets[partner]


def _restyled(picture: Floats, other: Floats, share: float) -> Floats:
    """The picture with mean and spread of its bands moved towards the other's; ``share`` of its own remains."""
    picture, mean, spread = _style(picture)
    _, others_mean, others_spread = _style(other)
    plain = (picture - mean) / spread
    moved = plain * (share * spread + (1 - share) * others_spread) + share * mean + (1 - share) * others_mean
    return np.asarray(moved, dtype=np.float32)


def _style(picture: Floats) -> tuple[Floats, Floats, Floats]:
    """The picture without what is far below its loudest point, and mean and spread (80,) of its bands in speech."""
    picture = np.maximum(picture, picture.max() - _RANGE_DB)
    loudness = picture.max(axis=1)
    limit = contours.upper(loudness, 0.9) - _SPEECH_BELOW_LOUD_DB
    weight = 1 / (1 + np.exp(-(loudness - limit) / _SOFTNESS_DB))
    weight /= weight.sum()
    mean = weight @ picture
    return picture, mean, np.sqrt(weight @ (picture - mean) ** 2) + 1


def _manner(track: Floats, other: Floats, share: float) -> tuple[float, float]:
    """By how many semitones a voice is to move, and by what factor its range, to come nearer to another's pitch."""
    (own, others) = (contours.semitones(t)[contours.voiced(t)] for t in (track, other))
    if len(own) < 6 or len(others) < 6:
        return 0.0, 1.0
    own_range, others_range = float(own.std()) + 0.5, float(others.std()) + 0.5
    factor = (share * own_range + (1 - share) * others_range) / own_range
    return (1 - share) * float(np.median(others) - np.median(own)), float(np.clip(factor, 0.5, 2))


def _other_voice(picture: Floats, v: Variation, random: np.random.Generator) -> Floats:
    """Pitch and formants moved and stretched, and the tone of another microphone."""
    stretch = float(np.exp(random.uniform(-v.pitch, v.pitch)))
    matrix = np.array([[stretch, 0, random.uniform(-v.shift, v.shift)], [0, 1, 0]], np.float32)
    picture = cv2.warpAffine(
        picture.astype(np.float32), matrix, (MELS, FRAMES), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float32)
    tilt = np.linspace(-1, 1, MELS) * random.uniform(-v.tilt_db, v.tilt_db)
    ripples = np.interp(np.arange(MELS), np.linspace(0, MELS - 1, 6), random.normal(0, v.tilt_db / 3, 6))
    return np.asarray(picture + tilt + ripples, dtype=np.float32)


def _noisy(picture: Floats, below_db: float, random: np.random.Generator) -> Floats:
    """With noise so many decibels below the loud frames in every band, of some colour."""
    loud = contours.upper(picture.max(axis=1), 0.9)
    colour = np.interp(np.arange(MELS), np.linspace(0, MELS - 1, 5), random.normal(0, 4, 5))
    noise = (loud - below_db + colour).astype(np.float32) + 2 * random.standard_normal(picture.shape, np.float32)
    return np.asarray(np.logaddexp2(picture * _BITS_PER_DB, noise * _BITS_PER_DB) / _BITS_PER_DB, dtype=np.float32)


def _other_track(track: Floats, semitones: float, spread: float, noise_db: float | None) -> Floats:
    """Another pitch and range of it, and voicing as far as noise of a level leaves it."""
    track = track.copy()
    if noise_db is not None:
        track[:, VOICED] /= 1 + 10 ** ((noise_db - track[:, LEVEL_DB]) / 10)
    spoken = contours.voiced(track)
    pitch = contours.semitones(track)
    median = np.median(pitch[spoken]) if spoken.any() else 0.0
    moved = (pitch - median) * (spread - 1) + semitones
    track[:, PITCH_HZ] = np.clip(track[:, PITCH_HZ] * 2 ** (moved / 12), LOWEST_HZ / 2, 2 * HIGHEST_HZ)
    return track
