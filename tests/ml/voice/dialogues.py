"""Two people in turn, as sound and as the movement of a mouth: generated, for the tests of speaker attribution."""

from functools import cache

import numpy as np

from ml.demo.speech import speak
from ml.voice.activity import SAMPLE_RATE as VOICE_RATE
from ml.voice.activity import speech_segments
from ml.voice.dsp import resampled

RATE_HZ = 22_050
CANDIDATE, INTERVIEWER = "en-us+m3", "en-us+f3"
QUESTIONS = (
    "Good morning, and welcome. Please tell us what you have done in the last years.",
    "That is interesting. What was the hardest part of it for you and for the team?",
)
ANSWERS = (
    "I have worked as a software engineer for seven years, first on maps, then on medical devices.",
    "The hardest one was moving a hospital to a new system in one weekend, and nothing went wrong.",
)
PAUSE_S = 0.5


@cache
def dialogue(*, with_interviewer=True):
    """(samples of the candidate, samples of the interviewer, turns of the candidate, turns of the interviewer)."""
    turns = [turn for pair in zip(QUESTIONS, ANSWERS, strict=True) for turn in pair]
    spoken = [speak(text, rate_hz=RATE_HZ, voice=(INTERVIEWER, CANDIDATE)[i % 2]) for i, text in enumerate(turns)]
    pause = round(PAUSE_S * RATE_HZ)
    total = sum(piece.size + pause for piece in spoken) + pause
    rng = np.random.default_rng(0)
    tracks = [rng.normal(0, 1e-4, total).astype(np.float32) for _ in range(2)]
    spans = ([], [])
    at = pause
    for i, piece in enumerate(spoken):
        who = (i + 1) % 2  # 0: the candidate
        if who == 0 or with_interviewer:
            tracks[who][at : at + piece.size] += 0.3 * piece
            spans[who].append((at / RATE_HZ, (at + piece.size) / RATE_HZ))
        at += piece.size + pause
    return tracks[0], tracks[1], spans[0], spans[1]


def segments_of(samples):
    at_voice_rate = resampled(samples, RATE_HZ, VOICE_RATE)
    return speech_segments(
        (at / VOICE_RATE, at_voice_rate[at : at + VOICE_RATE]) for at in range(0, at_voice_rate.size, VOICE_RATE)
    )


def mouth(duration_s, speaking, *, fps=10.0, moves=0.12, rests=0.004, seed=0):
    """(times_s, openness) of a mouth that moves in the spans ``speaking`` and is nearly shut otherwise."""
    rng = np.random.default_rng(seed)
    times_s = np.arange(0.0, duration_s, 1 / fps)
    openness = 0.02 + np.abs(rng.normal(0, rests, times_s.size))
    for start_s, end_s in speaking:
        inside = (times_s >= start_s) & (times_s < end_s)
        openness[inside] = moves * rng.random(int(inside.sum()))
    return times_s, openness


def synchronous_mouth(samples, speaking, *, listening=0.0, seed=0):
    """(times_s, openness) of a mouth that opens with the loudness of ``samples`` in the spans ``speaking``, and that
    moves at random by up to ``listening`` otherwise."""
    rng = np.random.default_rng(seed)
    times_s = np.arange(0.0, samples.size / RATE_HZ - 0.1, 0.1)
    at = np.round(times_s * RATE_HZ).astype(int)
    size = RATE_HZ // 10
    level = np.array([np.sqrt(np.mean(samples[max(0, i - size // 2) : i + size // 2] ** 2)) for i in at])
    openness = 0.02 + listening * rng.random(times_s.size)
    for start_s, end_s in speaking:
        inside = (times_s >= start_s) & (times_s < end_s)
        openness[inside] = 0.02 + 0.15 * level[inside] / level.max()
    return times_s, openness


def seconds_shared(spans, others):
    return sum(max(0.0, min(b, d) - max(a, c)) for a, b in spans for c, d in others)
