"""Voice activity measured: speech in noise, where it is known, and sounds that nobody speaks.

The speech is RAVDESS', whose clips are nearly silent before and after it. Where it is, the clean clip's own level says:
a frame of 20 ms speaks when it is less than ``QUIETER_DB`` below the clip's loudest ones. Noise is mixed in so many
decibels below the mean power of those frames. What is chosen is chosen on the first twelve actors and one half of the
seeds of sounds, what is reported is measured on the others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ml.arrays import Samples
from ml.benchmarks.voice import non_speech
from ml.speech_emotion.features.window import SAMPLE_RATE
from ml.training.datasets import ravdess
from ml.training.errors import TrainingError
from ml.training.metrics import wilson_interval
from ml.voice.activity import SAMPLE_RATE as VOICE_RATE
from ml.voice.activity import VoiceActivity
from ml.voice.music import is_musical
from ml.voice.resampling import StreamResampler
from ml.voice.windows import WINDOW_S, Span, WindowPlanner

CHOSEN_ON: Final = range(1, 13)
REPORTED: Final = range(13, 25)
CLIPS_PER_ACTOR: Final = 10
SOUNDS_EACH: Final = 12
SEED: Final = 4
FIRST_REPORTED_SOUND: Final = 1000

QUIETER_DB: Final = 30.0
FRAME_S: Final = 0.02
LOUDEST: Final = 95.0
"""Percentile of a clip's frames that stands for its loudest ones."""
MARGIN_S: Final = 0.15
"""So near to the speech nothing counts as false: padding, and breath that is part of it."""
NOISES: Final = ("white", "pink", "babble")
RATIOS_DB: Final = (20, 10, 5, 0)
BABBLE_VOICES: Final = 5
_CHUNK_S: Final = 0.1

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Clip:
    """One clip at 22,050 Hz; ``speaks`` (n,) says of every frame whether somebody speaks in it."""

    actor: int
    samples: Samples
    speaks: NDArray[np.bool_]


@dataclass(frozen=True)
class Heard:
    """What the detector makes of a stretch of sound: where it hears speech, and how many windows of that would be
    named or are held for music."""

    spans: tuple[Span, ...]
    named: int
    musical: int


def listen(samples: Samples, rate_hz: int) -> Heard:
    """A stretch of sound as the recogniser hears it, in tenths of a second."""
    voice, to_voice, planner = VoiceActivity(), StreamResampler(rate_hz, VOICE_RATE), WindowPlanner()
    spans: list[Span] = []
    step = round(_CHUNK_S * rate_hz)
    for at in range(0, samples.size, step):
        voice.feed(to_voice.feed(samples[at : at + step]))
        spans += voice.take()[0]
    voice.feed(to_voice.flush())
    spans += voice.finish()
    for span in spans:
        planner.add(span)
    musical = [
        is_musical((samples[round(start * rate_hz) : round(end * rate_hz)] for start, end in window.speech), rate_hz)
        for window in planner.take()
    ]
    return Heard(tuple(spans), len(musical) - sum(musical), sum(musical))


def measure(
    data: Path,
    *,
    chosen_on: bool = False,
    clips_per_actor: int = CLIPS_PER_ACTOR,
    sounds_each: int = SOUNDS_EACH,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, Any]:
    """All figures, as ``benchmark_voice_activity --json`` writes them; raises :class:`TrainingError`."""
    clips = list(_clips(data, CHOSEN_ON if chosen_on else REPORTED, clips_per_actor))
    if len({clip.actor for clip in clips}) < 2:
        raise TrainingError(f"{data} holds too few speakers of this half to mix voices.")
    conditions: list[tuple[str, float | None]] = [("clean", None)]
    conditions += [(noise, float(ratio)) for noise in NOISES for ratio in RATIOS_DB]
    of, done = len(conditions) + len(non_speech.SOUNDS), 0
    onsets: list[float | None] = []
    speech = {}
    for noise, ratio_db in conditions:
        row, found = _speech(clips, noise, ratio_db, onsets)
        onsets = onsets or found
        speech[noise if ratio_db is None else f"{noise} {ratio_db:.0f} dB below"] = row
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


def speaking(samples: Samples) -> NDArray[np.bool_]:
    """The truth of a clean clip at 22,050 Hz, frame by frame."""
    size = round(FRAME_S * SAMPLE_RATE)
    frames = samples[: samples.size // size * size].reshape(-1, size).astype(np.float64)
    levels_db = 10 * np.log10(np.mean(frames * frames, axis=1) + 1e-12)
    return np.asarray(levels_db > np.percentile(levels_db, LOUDEST) - QUIETER_DB)


def _clips(data: Path, actors: Sequence[int], count: int) -> Iterator[Clip]:
    listing = ravdess.listing(data)
    rng = np.random.default_rng(SEED)
    for actor in actors:
        own = np.flatnonzero(listing.actors == actor)
        for index in np.sort(rng.permutation(own)[:count]):
            samples = ravdess.read_sound(listing.files[index])
            yield Clip(actor, samples, speaking(samples))


def _speech(
    clips: Sequence[Clip], noise: str, ratio_db: float | None, clean_onsets: Sequence[float | None]
) -> tuple[dict[str, Any], list[float | None]]:
    """The row of one condition, and where each clip's speech was heard to begin."""
    found_s = speech_s = false_s = quiet_s = 0.0
    named = musical = 0
    onsets: list[float | None] = []
    rng = np.random.default_rng([SEED, *noise.encode(), round(ratio_db or 0)])
    for clip in clips:
        heard = listen(_mixed(clip, clips, noise, ratio_db, rng), SAMPLE_RATE)
        middles = (np.arange(clip.speaks.size) + 0.5) * FRAME_S
        inside = np.zeros(clip.speaks.size, np.bool_)
        for start_s, end_s in heard.spans:
            inside |= (middles >= start_s) & (middles < end_s)
        spoken = np.flatnonzero(clip.speaks)
        margin = round(MARGIN_S / FRAME_S)
        outside = np.ones(clip.speaks.size, np.bool_)
        outside[max(0, spoken[0] - margin) : spoken[-1] + 1 + margin] = False
        found_s += FRAME_S * int(np.sum(inside & clip.speaks))
        speech_s += FRAME_S * int(np.sum(clip.speaks))
        false_s += FRAME_S * int(np.sum(inside & outside))
        quiet_s += FRAME_S * int(np.sum(outside))
        named, musical = named + heard.named, musical + heard.musical
        onsets.append(heard.spans[0][0] if heard.spans else None)
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
        "windows": named + musical,
        "taken_for_music": musical,
    }
    return row, onsets


def _mixed(clip: Clip, clips: Sequence[Clip], noise: str, ratio_db: float | None, rng: np.random.Generator) -> Samples:
    if ratio_db is None:
        return clip.samples
    added = _babble(clip, clips, rng) if noise == "babble" else _noise(noise, clip.samples.size, rng)
    power = _power(clip) * 10 ** (-ratio_db / 10)
    mixed = clip.samples + added * np.sqrt(power / np.mean(added * added))
    return np.asarray(np.clip(mixed, -1, 1), np.float32)


def _noise(kind: str, count: int, rng: np.random.Generator) -> Floats:
    white = rng.standard_normal(count)
    if kind == "white":
        return np.asarray(white)
    spectrum = np.fft.rfft(white) / np.sqrt(np.maximum(1.0, np.arange(count // 2 + 1)))
    return np.asarray(np.fft.irfft(spectrum, n=count))


def _babble(clip: Clip, clips: Sequence[Clip], rng: np.random.Generator) -> Floats:
    """Other speakers' speech, without its pauses, over each other and equally loud."""
    others = [other for other in clips if other.actor != clip.actor]
    size, made = round(FRAME_S * SAMPLE_RATE), np.zeros(clip.samples.size)
    for index in rng.choice(len(others), BABBLE_VOICES, replace=len(others) < BABBLE_VOICES):
        other = others[index]
        spoken = np.flatnonzero(other.speaks)
        voice = other.samples[spoken[0] * size : (spoken[-1] + 1) * size].astype(np.float64)
        made += np.resize(np.roll(voice, int(rng.integers(voice.size))), made.size) / np.sqrt(_power(other))
    return made


def _power(clip: Clip) -> float:
    """Mean power of the frames in which somebody speaks."""
    size = round(FRAME_S * SAMPLE_RATE)
    frames = clip.samples[: clip.speaks.size * size].reshape(-1, size)[clip.speaks]
    return float(np.mean(np.square(frames, dtype=np.float64)))


def _sounds(name: str, seeds: Sequence[int]) -> dict[str, Any]:
    heard = [listen(non_speech.sound(name, seed), VOICE_RATE) for seed in seeds]
    windows = len(heard) * int(non_speech.SOUND_S / WINDOW_S)
    return _windows(windows, sum(one.named for one in heard), sum(one.musical for one in heard))


def _windows(windows: int, named: int, musical: int) -> dict[str, Any]:
    """Of so many windows of three seconds those that are ``named`` as if somebody spoke, and those that sound like a
    voice and are held for ``musical``."""
    low, high = wilson_interval(named, windows)
    share = {"count": named, "share": round(named / max(1, windows), 4), "interval": [round(low, 4), round(high, 4)]}
    return {"windows": windows, "named": share, "musical": musical}


def text(figures: dict[str, Any]) -> str:
    """The figures for a terminal."""
    lines = [
        f"voice activity on {figures['clips']} clips of {figures['actors']} actors ({figures['half']})",
        f"  {'':22} {'found':>7} {'false':>7}  {'clips missed':>12}  {'onset moved':>11}  windows for music",
    ]
    for name, row in figures["speech"].items():
        moved = "" if row["onset_moved_s"] is None else f"{row['onset_moved_s']:.2f} s"
        lines.append(
            f"  {name:22} {row['found']:>7.1%} {row['false']:>7.1%}  {row['clips_without']:>12}  {moved:>11}  "
            f"{row['taken_for_music']} of {row['windows']}"
        )
    lines.append(f"  {'sounds nobody speaks':22} {'windows':>7} {'named':>7} {'held for music':>15}")
    for name, row in (*figures["sounds"].items(), ("all", figures["all_sounds"])):
        lines.append(f"  {name:22} {row['windows']:>7} {row['named']['share']:>7.1%} {row['musical']:>15}")
    return "\n".join(lines)
