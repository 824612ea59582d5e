"""Turn-taking: who of two speakers has each step of speech, from a hidden Markov model over mouth and voice.

The states are the person whose mouth is in view, and somebody else. They begin with the mouth's evidence alone: its
movement, whose levels are adapted to the person, and its synchrony with the sound. Expectation maximisation then finds
the voices that go with it (:mod:`ml.voice.two_voices`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.arrays import Bool, Float64
from ml.spans import Span
from ml.voice.mouth_activity import TYPICAL, adapted_levels, mouth_movement, movement_evidence
from ml.voice.steps import STEP_S, Steps
from ml.voice.synchrony import synchrony_evidence
from ml.voice.timbre import VoiceFrames
from ml.voice.two_voices import TwoVoices

ITERATIONS: Final = 8
ADAPTATIONS: Final = 3
MOVEMENT_WEIGHT: Final = 0.3
"""Weight of the movement's log-likelihood ratio at each step: the windows of neighbouring steps overlap."""
SYNCHRONY_WEIGHT: Final = 0.2
"""Weight of the synchrony's, whose windows overlap more."""
TURN_S: Final = 6.0
"""Typical length of a turn."""
CHANGE_AFTER_PAUSE: Final = 0.25
"""Probability that somebody else speaks after a pause between two segments of speech."""


@dataclass(frozen=True, slots=True, eq=False)
class Mouth:
    """What a mouth shows at n times: its ``movement`` (n,), NaN where no living mouth was seen, and the ``synchrony``
    (n,) with the sound, as a log-likelihood ratio."""

    movement: Float64
    synchrony: Float64

    @classmethod
    def at(cls, at_s: Float64, times_s: Float64, openness: Float64, frames: VoiceFrames) -> "Mouth":
        """At the times ``at_s`` (n,), ascending. The ``openness`` (m,) was measured at ``times_s`` (m,). ``frames`` are
        the features of all speech in the sound."""
        movement = mouth_movement(times_s, openness, at_s)
        synchrony = synchrony_evidence(times_s, openness, frames, at_s)
        return cls(movement, np.where(np.isnan(movement), 0.0, synchrony))

    @property
    def seen(self) -> Bool:
        return ~np.isnan(self.movement)

    @property
    def evidence(self) -> Float64:
        """The natural log-likelihood ratio (n,) of speaking against not speaking, from both, with typical levels of
        movement. 0 where the mouth was not seen."""
        return movement_evidence(self.movement) + self.synchrony


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """Of n ``steps``: the ``probability`` (n,) that the person whose mouth is in view speaks, the ``mouth``, and the
    log-likelihood ratio (n,) of their ``voice`` against the other one, 0 where there is too little speech."""

    steps: Steps
    probability: Float64
    mouth: Mouth
    voice: Float64

    @property
    def has_voices(self) -> bool:
        """Whether there is enough speech to compare voices."""
        return bool(np.any(self.voice))


def find_turns(segments: Sequence[Span], frames: VoiceFrames, times_s: Float64, openness: Float64) -> Turns:
    """The turns in ``segments`` of speech, of which ``frames`` are the features. The mouth's ``openness`` (m,) is
    measured at ``times_s`` (m,)."""
    steps = Steps.of(segments)
    mouth = Mouth.at(steps.middles_s, times_s, openness, frames)
    change = np.where(np.diff(steps.segment) != 0, CHANGE_AFTER_PAUSE, STEP_S / TURN_S)
    probability, from_mouth = _by_mouth(mouth, steps, change)
    voices = TwoVoices(steps, frames)
    if not voices.is_enough or not np.any(mouth.seen):
        return Turns(steps, probability, mouth, np.zeros(probability.size))
    found = [_estimated(start, from_mouth, voices, change) for start in (probability, *voices.divisions())]
    return max(
        (Turns(steps, probability, mouth, voice) for probability, voice in found),
        key=lambda turns: float((2 * turns.probability - 1) @ (from_mouth + turns.voice)),
    )


def _estimated(start: Float64, from_mouth: Float64, voices: TwoVoices, change: Float64) -> tuple[Float64, Float64]:
    """(probability, evidence of the voice) of each step by expectation maximisation, from the probabilities ``start``
    (n,) of one speaker. The mouth decides which one it is."""
    probability = start if (2 * start - 1) @ from_mouth >= 0 else 1 - start
    voice = np.zeros(start.size)
    for _ in range(ITERATIONS):
        voice = voices.evidence(probability)
        probability = posterior(from_mouth + voice, change)
    return probability, voice


def _by_mouth(mouth: Mouth, steps: Steps, change: Float64) -> tuple[Float64, Float64]:
    """(probability, evidence) of each step by the mouth alone, the levels of its movement adapted to the person."""
    levels = TYPICAL
    for adaptation in range(ADAPTATIONS + 1):
        evidence = MOVEMENT_WEIGHT * movement_evidence(mouth.movement, levels) + SYNCHRONY_WEIGHT * mouth.synchrony
        probability = posterior(evidence, change)
        if adaptation < ADAPTATIONS:
            levels = adapted_levels(mouth.movement, steps.lengths_s, probability)
    return probability, evidence


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
