"""How many windows music detection finds: in speech, in the same speech with a constant F0, chanted and sung.

Flat, chanted and sung speech is made by a vocoder from recorded clips, and by espeak-ng without intonation. Chanted is
one exact F0 and 1.5 to 2.2 times slower; sung is on notes of 0.35 to 1.2 s, partly with vibrato, 1.6 to 2.6 times
slower. Neither is a recording of a person who sings.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.arrays import Float64, Samples
from ml.benchmarks.voice.clips import CORPORA, Clip, clips
from ml.benchmarks.voice.detection import detect
from ml.benchmarks.voice.vocoder import median_f0, resynthesize
from ml.demo.speech import speak
from ml.training.metrics import wilson_interval

SEED: Final = 4
CLIPS_EACH: Final = 40
VOICES: Final = {
    True: ("en-us", "en-us+f2", "en-us+f3", "en-us+f5", "de", "de+f3", "fr+f4", "es+f2", "it", "pl+f3"),
    False: ("en-us+f1", "en-gb-x-rp+f2", "en-us+m3", "en-gb-x-rp+m7", "de+f2", "fr", "es", "it+f4", "pl", "nl+f3"),
}
WORDS: Final = {True: ("rain", "mob", "road", "ring", "long", "name"), False: ("back", "chain", "fall", "jail", "rag")}
SENTENCE: Final = {
    "de": "Ich arbeite seit sieben Jahren als Ingenieur und baue gerne neue Dinge.",
    "fr": "Je travaille depuis sept ans comme ingénieur et j'aime construire.",
    "es": "Trabajo como ingeniero desde hace siete años y me gusta construir.",
}
ENGLISH: Final = "I have worked as an engineer for seven years and I like to build."
PITCHES: Final = (35, 60, 80)
_ESPEAK_HZ: Final = 22_050


def measure(
    data: Path,
    *,
    chosen_on: bool = False,
    clips_each: int = CLIPS_EACH,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, Any]:
    """By kind of speech: its windows, and those that are musical."""
    rng = np.random.default_rng([SEED, chosen_on])
    counts: dict[str, list[int]] = {}

    def count(kind: str, samples: Samples, rate_hz: int) -> None:
        found = detect(samples, rate_hz)
        row = counts.setdefault(kind, [0, 0])
        row[0] += found.windows
        row[1] += found.musical

    chosen = [clip for corpus in CORPORA for clip in _some(clips(data, corpus, chosen_on=chosen_on), clips_each, rng)]
    for done, clip in enumerate(chosen, start=1):
        samples, rate_hz = clip.read()
        hz = median_f0(samples, rate_hz)
        count(f"{clip.corpus}, as recorded", samples, rate_hz)
        count(f"{clip.corpus}, constant F0", resynthesize(samples, rate_hz, _constant(hz)), rate_hz)
        if clip.corpus != "nemo":
            slower, other = rng.uniform(1.5, 2.2), rng.uniform(1.6, 2.6)
            count("chanted words", resynthesize(samples, rate_hz, _constant(hz), slower=slower), rate_hz)
            count("sung words", resynthesize(samples, rate_hz, _notes(hz, rng), slower=other), rate_hz)
        progress(done, len(chosen))
    for sentence in _espeak(chosen_on):
        count("espeak-ng, no intonation", np.pad(sentence, _ESPEAK_HZ), _ESPEAK_HZ)
    return {kind: _row(*row) for kind, row in counts.items()}


def _some(half: list[Clip], count: int, rng: np.random.Generator) -> Iterator[Clip]:
    """Of RAVDESS neutral and calm clips alone: they are spoken most flatly."""
    half = [clip for clip in half if clip.corpus != "ravdess" or clip.emotion in ("neutral", "calm")]
    yield from (half[index] for index in rng.permutation(len(half))[:count])


def _espeak(chosen_on: bool) -> Iterator[Samples]:
    for number, voice in enumerate(VOICES[chosen_on]):
        for pitch in PITCHES:
            word = WORDS[chosen_on][(number + pitch) % len(WORDS[chosen_on])]
            texts = [SENTENCE.get(voice[:2], ENGLISH), *([f"Say the word {word}."] if voice[:2] == "en" else [])]
            for text in texts:
                yield speak(
                    text, rate_hz=_ESPEAK_HZ, voice=voice, pitch=pitch, intonation=0, words_per_minute=110 + pitch % 50
                )


def _constant(hz: float) -> Callable[[Float64], Float64]:
    return lambda times: np.full(times.shape, hz)


def _notes(hz: float, rng: np.random.Generator) -> Callable[[Float64], Float64]:
    """Notes around ``hz`` that glide into each other within 60 ms; half of the songs with vibrato."""
    starts = np.concatenate([[0.0], np.cumsum(rng.uniform(0.35, 1.2, 60))])
    steps = rng.choice([-4, -2, -1, 0, 1, 2, 3, 5], starts.size)
    notes = np.zeros(starts.size)
    for number in range(1, starts.size):
        notes[number] = np.clip(notes[number - 1] + steps[number], -5, 9)
    vibrato = float(rng.choice([0.0, 0.012]))

    def f0(times: Float64) -> Float64:
        at = np.searchsorted(starts, times, "right") - 1
        before = notes[np.maximum(at - 1, 0)]
        note = before + (notes[at] - before) * np.minimum(1, (times - starts[at]) / 0.06)
        return np.asarray(hz * 2 ** (note / 12) * (1 + vibrato * np.sin(2 * np.pi * 5.5 * times)))

    return f0


def _row(windows: int, musical: int) -> dict[str, Any]:
    low, high = wilson_interval(musical, windows)
    share = round(musical / max(1, windows), 4)
    return {"windows": windows, "musical": musical, "share": share, "interval": [round(low, 4), round(high, 4)]}


def text(figures: dict[str, Any]) -> str:
    """The figures for a terminal."""
    lines = [f"  {'windows of speech':26} {'windows':>7} {'called music':>15}"]
    lines += [f"  {kind:26} {row['windows']:>7} {row['musical']:>15}" for kind, row in figures.items()]
    return "\n".join(lines)
