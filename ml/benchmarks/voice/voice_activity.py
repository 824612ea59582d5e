"""Benchmark of voice activity detection: speech in noise, and sounds that nobody speaks.

The speech is RAVDESS', whose clips are nearly silent before and after it. The ground truth is the clean clip's level: a
frame of 20 ms is speech when it is less than ``QUIETER_DB`` below the clip's loudest ones. The signal-to-noise ratio is
against the mean power of those frames. Choices are made on the first twelve actors and one half of the seeds of sounds,
results are measured on the others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.arrays import Bool, Float64, Samples
from ml.benchmarks.voice import non_speech
from ml.benchmarks.voice.clips import CHOSEN_ON_ACTORS
from ml.benchmarks.voice.detection import detect
from ml.corruptions.sounds import Colour
from ml.corruptions.sounds import noise as coloured_noise
from ml.speech_emotion.features.window import SAMPLE_RATE
from ml.training.datasets import ravdess
from ml.training.datasets.speech_clips import read_sound
from ml.training.errors import TrainingError
from ml.training.metrics import wilson_interval
from ml.voice.activity import SAMPLE_RATE as VOICE_RATE
from ml.voice.dsp import rms_db
from ml.voice.windows import WINDOW_S

REPORTED_ACTORS: Final = range(13, 25)
CLIPS_PER_ACTOR: Final = 10
SOUNDS_EACH: Final = 12
SEED: Final = 4
FIRST_REPORTED_SOUND: Final = 1000

QUIETER_DB: Final = 30.0
FRAME_S: Final = 0.02
LOUDEST: Final = 95.0
"""The loudest frames of a clip are at this percentile."""
MARGIN_S: Final = 0.15
"""So near to the speech nothing counts as a false alarm: padding, and breath that is part of it."""
NOISES: Final = ("white", "pink", "babble")
SNR_DB: Final = (20, 10, 5, 0)
BABBLE_VOICES: Final = 5


@dataclass(frozen=True)
class Clip:
    """One clip at 22,050 Hz; ``is_speech`` (n,) is the ground truth of its frames."""

    actor: int
    samples: Samples
    is_speech: Bool


def measure(
    data: Path,
    *,
    chosen_on: bool = False,
    clips_per_actor: int = CLIPS_PER_ACTOR,
    sounds_each: int = SOUNDS_EACH,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, Any]:
    """All figures, as ``benchmark_voice_activity --json`` writes them; raises :class:`TrainingError`."""
    clips = list(_clips(data, CHOSEN_ON_ACTORS if chosen_on else REPORTED_ACTORS, clips_per_actor))
    if len({clip.actor for clip in clips}) < 2:
        raise TrainingError(f"{data} holds too few speakers of this half to mix voices.")
    conditions: list[tuple[str, float | None]] = [("clean", None)]
    conditions += [(noise, float(ratio)) for noise in NOISES for ratio in SNR_DB]
    of, done = len(conditions) + len(non_speech.SOUNDS), 0
    onsets: list[float | None] = []
    speech = {}
    for noise, snr_db in conditions:
        row, found = _speech(clips, noise, snr_db, onsets)
        onsets = onsets or found
        speech[noise if snr_db is None else f"{noise} {snr_db:.0f} dB below"] = row
        progress(done := done + 1, of)
    sounds = {}
    first = 0 if chosen_on else FIRST_REPORTED_SOUND
    for name in non_speech.SOUNDS:
        sounds[name] = _sounds(name, range(first, first + sounds_each))
        progress(done := done + 1, of)
    return {
        "half": "chosen on" if chosen_on else "reported",
        "clips": len(clips),
        "actors": len({clip.actor for clip in clips}),
        "speech": speech,
        "sounds": sounds,
        "all_sounds": _windows(
            sum(row["windows"] for row in sounds.values()),
            sum(row["named"]["count"] for row in sounds.values()),
            sum(row["musical"] for row in sounds.values()),
        ),
    }


def speech_frames(samples: Samples) -> Bool:
    """The ground truth of a clean clip at 22,050 Hz, frame by frame."""
    size = round(FRAME_S * SAMPLE_RATE)
    levels_db = rms_db(samples[: samples.size // size * size].reshape(-1, size))
    return np.asarray(levels_db > np.percentile(levels_db, LOUDEST) - QUIETER_DB)


def _clips(data: Path, actors: Sequence[int], count: int) -> Iterator[Clip]:
    listing = ravdess.listing(data)
    rng = np.random.default_rng(SEED)
    for actor in actors:
        own = np.flatnonzero(listing.speakers == actor)
        for index in np.sort(rng.permutation(own)[:count]):
            samples = read_sound(listing.files[index], ravdess.RATE_HZ)
            yield Clip(actor, samples, speech_frames(samples))


def _speech(
    clips: Sequence[Clip], noise: str, snr_db: float | None, clean_onsets: Sequence[float | None]
) -> tuple[dict[str, Any], list[float | None]]:
    """The row of one noise, and the second at which each clip's speech was found to begin."""
    found_s = speech_s = false_s = quiet_s = 0.0
    classified = musical = 0
    onsets: list[float | None] = []
    rng = np.random.default_rng([SEED, *noise.encode(), round(snr_db or 0)])
    for clip in clips:
        found = detect(_mixed(clip, clips, noise, snr_db, rng), SAMPLE_RATE)
        middles = (np.arange(clip.is_speech.size) + 0.5) * FRAME_S
        inside = np.zeros(clip.is_speech.size, np.bool_)
        for start_s, end_s in found.speech:
            inside |= (middles >= start_s) & (middles < end_s)
        spoken = np.flatnonzero(clip.is_speech)
        margin = round(MARGIN_S / FRAME_S)
        outside = np.ones(clip.is_speech.size, np.bool_)
        outside[max(0, spoken[0] - margin) : spoken[-1] + 1 + margin] = False
        found_s += FRAME_S * int(np.sum(inside & clip.is_speech))
        speech_s += FRAME_S * int(np.sum(clip.is_speech))
        false_s += FRAME_S * int(np.sum(inside & outside))
        quiet_s += FRAME_S * int(np.sum(outside))
        classified, musical = classified + found.classified, musical + found.musical
        onsets.append(found.speech[0][0] if found.speech else None)
    moved = [
        abs(one - clean)
        for one, clean in zip(onsets, clean_onsets or onsets, strict=True)
        if one is not None and clean is not None
    ]
    row = {
        "speech_s": round(speech_s, 1),
        "found": round(found_s / max(FRAME_S, speech_s), 4),
        "quiet_s": round(quiet_s, 1),
        "false": round(false_s / max(FRAME_S, quiet_s), 4),
        "clips_without": sum(onset is None for onset in onsets),
        "onset_moved_s": round(float(np.median(moved)), 3) if moved else None,
        "windows": classified + musical,
        "taken_for_music": musical,
    }
    return row, onsets


def _mixed(clip: Clip, clips: Sequence[Clip], noise: str, snr_db: float | None, rng: np.random.Generator) -> Samples:
    if snr_db is None:
        return clip.samples
    colour: Colour = "white" if noise == "white" else "pink"
    added = _babble(clip, clips, rng) if noise == "babble" else coloured_noise(colour, clip.samples.size, rng)
    power = _power(clip) * 10 ** (-snr_db / 10)
    mixed = clip.samples + added * np.sqrt(power / np.mean(added * added))
    return np.asarray(np.clip(mixed, -1, 1), np.float32)


def _babble(clip: Clip, clips: Sequence[Clip], rng: np.random.Generator) -> Float64:
    """The speech of other speakers, without the silence around it, summed equally loud."""
    others = [other for other in clips if other.actor != clip.actor]
    size, made = round(FRAME_S * SAMPLE_RATE), np.zeros(clip.samples.size)
    for index in rng.choice(len(others), BABBLE_VOICES, replace=len(others) < BABBLE_VOICES):
        other = others[index]
        spoken = np.flatnonzero(other.is_speech)
        voice = other.samples[spoken[0] * size : (spoken[-1] + 1) * size].astype(np.float64)
        made += np.resize(np.roll(voice, int(rng.integers(voice.size))), made.size) / np.sqrt(_power(other))
    return made


def _power(clip: Clip) -> float:
    """Mean power of the frames of speech."""
    size = round(FRAME_S * SAMPLE_RATE)
    frames = clip.samples[: clip.is_speech.size * size].reshape(-1, size)[clip.is_speech]
    return float(np.mean(np.square(frames, dtype=np.float64)))


def _sounds(name: str, seeds: Sequence[int]) -> dict[str, Any]:
    found = [detect(non_speech.sound(name, seed), VOICE_RATE) for seed in seeds]
    windows = len(found) * int(non_speech.SOUND_S / WINDOW_S)
    return _windows(windows, sum(one.classified for one in found), sum(one.musical for one in found))


def _windows(windows: int, classified: int, musical: int) -> dict[str, Any]:
    """Of so many windows of three seconds those that would be classified (``named``), and those that voice activity
    detection finds and music detection leaves out (``musical``)."""
    low, high = wilson_interval(classified, windows)
    share = {
        "count": classified,
        "share": round(classified / max(1, windows), 4),
        "interval": [round(low, 4), round(high, 4)],
    }
    return {"windows": windows, "named": share, "musical": musical}


def text(figures: dict[str, Any]) -> str:
    """The figures for a terminal."""
    lines = [
        f"voice activity on {figures['clips']} clips of {figures['actors']} actors ({figures['half']})",
        f"  {'':22} {'found':>7} {'false':>7}  {'clips missed':>12}  {'onset moved':>11}  windows called music",
    ]
    for name, row in figures["speech"].items():
        moved = "" if row["onset_moved_s"] is None else f"{row['onset_moved_s']:.2f} s"
        lines.append(
            f"  {name:22} {row['found']:>7.1%} {row['false']:>7.1%}  {row['clips_without']:>12}  {moved:>11}  "
            f"{row['taken_for_music']} of {row['windows']}"
        )
    lines.append(f"  {'sounds nobody speaks':22} {'windows':>7} {'named':>7} {'called music':>15}")
    for name, row in (*figures["sounds"].items(), ("all", figures["all_sounds"])):
        lines.append(f"  {name:22} {row['windows']:>7} {row['named']['share']:>7.1%} {row['musical']:>15}")
    return "\n".join(lines)
