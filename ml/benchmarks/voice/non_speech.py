"""Synthetic sounds without speech, from a seed: silence, noise, music, singing, drums, a keyboard, sirens, animals.

Each is ``SOUND_S`` seconds at :data:`ml.voice.activity.SAMPLE_RATE` with every parameter drawn anew.
Two sets of seeds are two sets of sounds, one for choices and one for results.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from ml.arrays import Float64, Samples
from ml.corruptions.sounds import noise
from ml.voice.activity import SAMPLE_RATE

SOUND_S: Final = 12.0
LEVELS_DB: Final = (-45.0, -15.0)
"""Between these the loudness of a sound is drawn (RMS, in decibels of full scale)."""
SILENCE_DB: Final = -75.0

Rng = np.random.Generator
Make = Callable[[Rng], Float64]

_COUNT: Final = round(SOUND_S * SAMPLE_RATE)
_TIMES: Final[Float64] = np.arange(_COUNT) / SAMPLE_RATE
_VOWELS_HZ: Final[Float64] = np.array(
    [[700, 1220, 2600], [300, 870, 2240], [270, 2290, 3010], [530, 1840, 2480], [570, 840, 2410]], np.float64
)
"""The first three formants of men's vowels (Peterson and Barney 1952): had, who'd, heed, head, hawed."""


def sound(name: str, seed: int) -> Samples:
    """float32 (n,) of the sound of this name in :data:`SOUNDS`."""
    rng = np.random.default_rng([seed, *name.encode()])
    made = SOUNDS[name](rng)
    level_db = SILENCE_DB if name == "silence" else float(rng.uniform(*LEVELS_DB))
    made = made / np.sqrt(np.mean(made * made)) * 10 ** (level_db / 20)
    return np.asarray(np.clip(made, -1, 1), np.float32)


def white(rng: Rng) -> Float64:
    return noise("white", _COUNT, rng)


def pink(rng: Rng) -> Float64:
    return noise("pink", _COUNT, rng)


def hum(rng: Rng) -> Float64:
    """Mains: 50 or 60 Hz with harmonics, and a little noise."""
    made = _tone(np.full(_COUNT, float(rng.choice([50.0, 60.0]))), _partials(rng, count=12, fall=rng.uniform(0.5, 1.5)))
    return made + 0.02 * white(rng)


def fan(rng: Rng) -> Float64:
    """A ventilator: noise that swells with the blades, and their tone."""
    turns_hz = rng.uniform(8, 30)
    swell = 1 + rng.uniform(0.2, 0.7) * np.sin(2 * np.pi * turns_hz * _TIMES)
    tone = _tone(np.full(_COUNT, 7 * turns_hz), _partials(rng, count=6, fall=1.0))
    return np.asarray(pink(rng) * swell / 0.02 + 0.3 * tone)


def chords(rng: Rng) -> Float64:
    """Slow chords of a keyboard or strings, some with vibrato."""
    made, at = np.zeros(_COUNT), 0.0
    partials, vibrato = _partials(rng, count=8, fall=rng.uniform(0.8, 1.8)), rng.uniform(0, 0.012)
    while at < SOUND_S:
        length = rng.uniform(0.7, 2.5)
        root = 110 * 2 ** (rng.integers(0, 15) / 12)
        for semitones in (0, rng.choice([3, 4]), 7, 12):
            _add(made, at, _note(root * 2 ** (semitones / 12), length, partials, vibrato, rng))
        at += length
    return made


def arpeggio(rng: Rng) -> Float64:
    """Single plucked or blown notes, quick and even."""
    made, at = np.zeros(_COUNT), 0.0
    step_s, partials = rng.uniform(0.12, 0.4), _partials(rng, count=8, fall=rng.uniform(0.8, 1.8))
    root = 130 * 2 ** (rng.integers(0, 12) / 12)
    while at < SOUND_S:
        semitones = rng.choice([0, 3, 4, 7, 10, 12, 16, 19])
        _add(made, at, _note(root * 2 ** (semitones / 12), step_s * rng.uniform(0.8, 2.0), partials, 0.0, rng))
        at += step_s
    return made


def melody(rng: Rng) -> Float64:
    """A leading instrument that glides from note to note with vibrato, its formants those of a violin or a horn."""
    frequencies, loudness = np.zeros(_COUNT), np.zeros(_COUNT)
    at, last = 0, float(196 * 2 ** (rng.integers(0, 12) / 12))
    while at < _COUNT:
        length = round(rng.uniform(0.25, 1.0) * SAMPLE_RATE)
        note = float(np.clip(last * 2 ** (rng.integers(-5, 6) / 12), 150, 900))
        here = slice(at, min(_COUNT, at + length))
        glide = np.minimum(1.0, np.arange(here.stop - at) / (0.05 * SAMPLE_RATE))
        frequencies[here] = last * (note / last) ** glide
        loudness[here] = np.minimum(1.0, np.arange(here.stop - at)[::-1] / (0.03 * SAMPLE_RATE)) * rng.uniform(0.6, 1)
        at, last = here.stop, note
    vibrato = 1 + rng.uniform(0.003, 0.02) * np.sin(2 * np.pi * rng.uniform(4.5, 7) * _TIMES)
    return np.asarray(_tone(frequencies * vibrato, _partials(rng, count=14, fall=rng.uniform(0.6, 1.2))) * loudness)


def drums(rng: Rng) -> Float64:
    """A beat of bass drum, snare and hi-hat."""
    made, beat_s = np.zeros(_COUNT), 60 / rng.uniform(80, 150) / 2
    kick_hz, snare_s = rng.uniform(45, 80), rng.uniform(0.06, 0.15)
    for step in range(int(SOUND_S / beat_s)):
        if step % 4 == 0 or rng.random() < 0.15:
            t = np.arange(round(0.25 * SAMPLE_RATE)) / SAMPLE_RATE
            phase = 2 * np.pi * (kick_hz * t + 6 * (1 - np.exp(-t / 0.03)))
            _add(made, step * beat_s, 1.2 * np.sin(phase) * np.exp(-t / 0.08))
        if step % 4 == 2:
            _add(made, step * beat_s, _burst(rng, snare_s, 1.0))
        _add(made, step * beat_s, _burst(rng, 0.02, 0.25, bright=True))
    return made


def typing(rng: Rng) -> Float64:
    """Keys of a keyboard: two clicks each, with the desk's resonance."""
    made, at = 1e-4 * white(rng), 0.0
    while at < SOUND_S:
        for after_s, strength in ((0.0, 1.0), (rng.uniform(0.06, 0.12), 0.5)):
            click = _burst(rng, 0.004, strength, bright=True)
            t = np.arange(round(0.03 * SAMPLE_RATE)) / SAMPLE_RATE
            desk = 0.3 * strength * np.sin(2 * np.pi * rng.uniform(180, 500) * t) * np.exp(-t / 0.008)
            _add(made, at + after_s, click)
            _add(made, at + after_s, desk)
        at += rng.exponential(0.12) + 0.06
    return made


def siren(rng: Rng) -> Float64:
    """Wailing up and down, or two tones in turn."""
    low, high, period_s = rng.uniform(350, 700), rng.uniform(900, 1600), rng.uniform(0.4, 5.0)
    turn = 0.5 - 0.5 * np.cos(2 * np.pi * _TIMES / period_s)
    if rng.random() < 0.5:
        turn = (turn > 0.5).astype(np.float64)
    return _tone(low + (high - low) * turn, _partials(rng, count=6, fall=rng.uniform(0.8, 2.0)))


def ringing(rng: Rng) -> Float64:
    """A telephone: two tones, warbling, with pauses."""
    one, other, rate_hz = rng.uniform(400, 900), rng.uniform(900, 2200), rng.uniform(10, 25)
    warble = (np.sin(2 * np.pi * rate_hz * _TIMES) > 0).astype(np.float64)
    rings = ((_TIMES % rng.uniform(2, 5)) < rng.uniform(0.8, 1.8)).astype(np.float64)
    return np.asarray(_tone(one + (other - one) * warble, np.array([1.0, 0.3, 0.1])) * rings + 1e-4 * white(rng))


def applause(rng: Rng) -> Float64:
    """Many hands that clap."""
    made = np.zeros(_COUNT)
    for _ in range(int(rng.integers(8, 40))):
        at, pause_s = rng.uniform(0, 0.3), rng.uniform(0.18, 0.35)
        while at < SOUND_S:
            _add(made, at, _burst(rng, rng.uniform(0.004, 0.012), rng.uniform(0.2, 1.0)))
            at += pause_s * rng.uniform(0.85, 1.15)
    return made


def singing(rng: Rng) -> Float64:
    """One voice that sings vowels: held notes with vibrato, gliding from one to the next."""
    frequencies, loudness = np.zeros(_COUNT), np.zeros(_COUNT)
    at, last = 0, float(220 * 2 ** (rng.integers(-7, 8) / 12))
    while at < _COUNT:
        length = round(rng.uniform(0.3, 1.5) * SAMPLE_RATE)
        note = float(np.clip(last * 2 ** (rng.integers(-5, 6) / 12), 120, 600))
        here = slice(at, min(_COUNT, at + length))
        count = np.arange(here.stop - at)
        frequencies[here] = last * (note / last) ** np.minimum(1.0, count / (0.06 * SAMPLE_RATE))
        loudness[here] = np.minimum(1.0, np.minimum(count, count[::-1]) / (0.05 * SAMPLE_RATE))
        at, last = here.stop, note
    vibrato = 1 + rng.uniform(0.005, 0.025) * np.sin(2 * np.pi * rng.uniform(4.5, 6.5) * _TIMES)
    return _voiced(frequencies * vibrato, rng, vowel_s=rng.uniform(0.4, 1.2)) * loudness


def talking_notes(rng: Rng) -> Float64:
    """An instrument through a filter that makes vowels (wah-wah, talk box): steps of pitch, no breath, no pause."""
    frequencies, at = np.zeros(_COUNT), 0
    while at < _COUNT:
        length = round(rng.uniform(0.15, 0.6) * SAMPLE_RATE)
        frequencies[at : at + length] = 110 * 2 ** (rng.choice([0, 3, 5, 7, 10, 12, 15]) / 12)
        at += length
    return _voiced(frequencies, rng, vowel_s=rng.uniform(0.15, 0.4))


def whistling(rng: Rng) -> Float64:
    """Somebody whistles: one gliding tone with a little breath."""
    frequencies = np.interp(_TIMES, np.arange(0, SOUND_S + 1, 0.4), rng.uniform(800, 2200, int(SOUND_S / 0.4) + 3))
    return _tone(frequencies, np.array([1.0, 0.05])) + 0.01 * white(rng)


def barking(rng: Rng) -> Float64:
    made, at = 1e-4 * white(rng), 0.2
    while at < SOUND_S:
        length = rng.uniform(0.12, 0.3)
        swell = np.sin(np.pi * np.linspace(0, 1, round(length * SAMPLE_RATE)))
        bark = _voiced(rng.uniform(300, 700) * (1 + 0.5 * swell), rng, vowel_s=1.0)
        _add(made, at, (bark + 0.5 * rng.standard_normal(swell.size)) * np.sqrt(swell))
        at += length + rng.uniform(0.1, 0.8)
    return made


def crying(rng: Rng) -> Float64:
    """A small child: long gliding cries."""
    made, at = 1e-4 * white(rng), 0.2
    while at < SOUND_S:
        length = rng.uniform(0.6, 1.4)
        swell = np.sin(np.pi * np.linspace(0, 1, round(length * SAMPLE_RATE)))
        _add(made, at, _voiced(rng.uniform(350, 550) * (1 + 0.35 * swell), rng, vowel_s=0.8) * np.sqrt(swell))
        at += length + rng.uniform(0.2, 0.6)
    return made


SOUNDS: Final[Mapping[str, Make]] = {
    "silence": white,
    "white noise": white,
    "pink noise": pink,
    "mains hum": hum,
    "ventilator": fan,
    "chords": chords,
    "arpeggio": arpeggio,
    "melody with vibrato": melody,
    "singing": singing,
    "talking notes": talking_notes,
    "whistling": whistling,
    "drums": drums,
    "keyboard": typing,
    "siren": siren,
    "telephone": ringing,
    "applause": applause,
    "barking": barking,
    "crying": crying,
}


def _partials(rng: Rng, *, count: int, fall: float) -> Float64:
    """Strength of the fundamental and its harmonics, falling, each with its own deviation."""
    return np.asarray((1 + np.arange(count)) ** -fall * rng.uniform(0.5, 1.0, count))


def _tone(frequencies: Float64, partials: Float64) -> Float64:
    """A tone whose fundamental is ``frequencies`` (n,) in Hz; partials near and above half the rate are left out."""
    phase = 2 * np.pi * np.cumsum(frequencies) / SAMPLE_RATE
    made = np.zeros(frequencies.size)
    for number, strength in enumerate(partials, start=1):
        made += strength * np.sin(number * phase) * (number * frequencies < 0.45 * SAMPLE_RATE)
    return made


def _voiced(frequencies: Float64, rng: Rng, *, vowel_s: float) -> Float64:
    """A voice-like source of this pitch (n,) in Hz through the three formants of vowels that change every so often."""
    step = round(vowel_s * SAMPLE_RATE)
    vowels = np.repeat(rng.integers(0, len(_VOWELS_HZ), frequencies.size // step + 1), step)[: frequencies.size]
    smooth = np.full(800, 1 / 800)
    formants = [np.convolve(_VOWELS_HZ[vowels, number], smooth, "same") for number in range(3)]
    phase, made = 2 * np.pi * np.cumsum(frequencies) / SAMPLE_RATE, np.zeros(frequencies.size)
    for number in range(1, 40):
        hz = number * frequencies
        level = sum(
            gain / (1 + ((hz - formant) / width) ** 2)
            for formant, gain, width in zip(formants, (1.0, 0.6, 0.3), (80, 110, 150), strict=True)
        )
        made += level / number**0.3 * np.sin(number * phase) * (hz < 0.45 * SAMPLE_RATE)
    return made


def _note(hz: float, length_s: float, partials: Float64, vibrato: float, rng: Rng) -> Float64:
    times = np.arange(round(length_s * SAMPLE_RATE)) / SAMPLE_RATE
    frequencies = hz * (1 + vibrato * np.sin(2 * np.pi * rng.uniform(4.5, 7) * times))
    attack, decay = rng.uniform(0.005, 0.06), rng.uniform(0.2, 2.0)
    ends = np.minimum(1.0, times[::-1] / 0.02)
    return np.asarray(_tone(frequencies, partials) * np.minimum(1.0, times / attack) * np.exp(-times / decay) * ends)


def _burst(rng: Rng, decay_s: float, strength: float, *, bright: bool = False) -> Float64:
    """Noise that dies away; ``bright`` leaves the low frequencies out."""
    burst: Any = rng.standard_normal(round(5 * decay_s * SAMPLE_RATE))
    if bright:
        burst = np.diff(burst, prepend=0.0)
    return np.asarray(strength * burst * np.exp(-np.arange(burst.size) / (decay_s * SAMPLE_RATE)))


def _add(made: Float64, at_s: float, piece: Float64) -> None:
    """Mix a piece in, in place, from second ``at_s``; what runs over the end is cut off."""
    first = round(at_s * SAMPLE_RATE)
    piece = piece[: max(0, made.size - first)]
    made[first : first + piece.size] += piece
