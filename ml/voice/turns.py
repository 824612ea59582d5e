"""Turn-taking: who of two speakers has each step of speech, from a hidden Markov model over mouth and voice.

The states are the person whose mouth is in view, and somebody else. They begin with the mouth's evidence alone;
expectation maximisation then finds the voices that go with it (:mod:`ml.voice.two_voices`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.arrays import Float64, Int64
from ml.spans import Span
from ml.voice.mouth_activity import MouthActivity, mouth_activity
from ml.voice.timbre import VoiceFrames
from ml.voice.two_voices import TwoVoices

STEP_S: Final = 0.1
BLOCK_S: Final = 4.0
ITERATIONS: Final = 8
MOUTH_WEIGHT: Final = 0.3
"""Weight of the mouth's log-likelihood ratio at each step: the windows of neighbouring steps overlap."""
TURN_S: Final = 4.0
"""Typical length of a turn."""
CHANGE_AFTER_PAUSE: Final = 0.25
"""Probability that somebody else speaks after a pause between two segments of speech."""


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """The segments of speech in n steps of about :data:`STEP_S`: ``starts_s`` and ``ends_s`` (n,), and the number
    ``segment`` (n,) of the segment that each belongs to."""

    starts_s: Float64
    ends_s: Float64
    segment: Int64

    @classmethod
    def of(cls, segments: Sequence[Span]) -> "Steps":
        """``segments`` are ascending and do not touch."""
        borders = [
            np.linspace(start_s, end_s, max(1, round((end_s - start_s) / STEP_S)) + 1) for start_s, end_s in segments
        ]
        numbers = [np.full(border.size - 1, number) for number, border in enumerate(borders)]
        empty = np.zeros(0)
        return cls(
            np.concatenate([empty, *(border[:-1] for border in borders)]),
            np.concatenate([empty, *(border[1:] for border in borders)]),
            np.concatenate([empty.astype(np.int64), *numbers]),
        )

    @property
    def middles_s(self) -> Float64:
        return (self.starts_s + self.ends_s) / 2

    @property
    def lengths_s(self) -> Float64:
        return self.ends_s - self.starts_s

    def blocks(self) -> Int64:
        """The number (n,) of each step's block: a segment, or one of its parts of :data:`BLOCK_S`."""
        within = np.arange(self.segment.size) - np.searchsorted(self.segment, self.segment)
        part = (within * STEP_S / BLOCK_S).astype(np.int64)
        is_new = (np.diff(self.segment) != 0) | (np.diff(part) != 0)
        return np.concatenate([[0], np.cumsum(is_new)]) if self.segment.size else self.segment


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """Of n ``steps``: the ``probability`` (n,) that the person whose mouth is in view speaks, and the ``mouth``."""

    steps: Steps
    probability: Float64
    mouth: MouthActivity


def find_turns(segments: Sequence[Span], frames: VoiceFrames, times_s: Float64, openness: Float64) -> Turns:
    """The turns in ``segments`` of speech, of which ``frames`` are the features. The mouth's ``openness`` (m,) is
    measured at ``times_s`` (m,)."""
    steps = Steps.of(segments)
    mouth = mouth_activity(times_s, openness, steps.middles_s)
    change = np.where(np.diff(steps.segment) != 0, CHANGE_AFTER_PAUSE, STEP_S / TURN_S)
    from_mouth = MOUTH_WEIGHT * mouth.evidence
    probability = posterior(from_mouth, change)
    voices = _voices(steps, frames)
    if voices.is_enough and np.any(probability < 0.5):
        for _ in range(ITERATIONS):
            probability = posterior(from_mouth + voices.evidence(probability), change)
    return Turns(steps, probability, mouth)


def posterior(evidence: Float64, change: Float64) -> Float64:
    """The probability (n,) of the first of two states at each step, by the forward-backward algorithm. ``evidence``
    (n,) is the log-likelihood ratio of the step, ``change`` (n - 1,) the probability of the other state at the next."""
    first = (1 / (1 + np.exp(-evidence))).tolist()
    changes = change.tolist()
    forward: list[float] = []
    state = 0.5
    for i, likelihood in enumerate(first):
        if i:
            state = state * (1 - changes[i - 1]) + (1 - state) * changes[i - 1]
        state = state * likelihood / (state * likelihood + (1 - state) * (1 - likelihood))
        forward.append(state)
    backward = [0.5] * len(first)
    state = 0.5
    for i in range(len(first) - 2, -1, -1):
        state = state * first[i + 1] / (state * first[i + 1] + (1 - state) * (1 - first[i + 1]))
        state = state * (1 - changes[i]) + (1 - state) * changes[i]
        backward[i] = state
    ahead, behind = np.array(forward), np.array(backward)
    both = ahead * behind
    return np.asarray(both / (both + (1 - ahead) * (1 - behind)))


def _voices(steps: Steps, frames: VoiceFrames) -> TwoVoices:
    step_of = np.searchsorted(steps.ends_s, frames.times_s)
    inside = step_of < steps.ends_s.size
    inside[inside] &= frames.times_s[inside] >= steps.starts_s[step_of[inside]]
    return TwoVoices(frames.where(inside), step_of[inside], steps.blocks())
