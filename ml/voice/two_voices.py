"""Evidence from the voice: which of two voices each step of speech resembles.

A step is described by the means of the cepstrum and of F0 within a second around it: over some syllables the sounds
average out, and the voice and its microphone remain. Each voice is a Gaussian over these means. Both have the same
variances, those between neighbouring seconds of the recording, nearly all of which are of one voice.

A step is compared with voices that were estimated without the block of seconds around it. Otherwise a single voice
could be divided in two, each part resembling itself.
"""

from typing import Final

import numpy as np

from ml.arrays import Bool, Float64
from ml.voice.steps import STEP_S, Steps
from ml.voice.timbre import VoiceFrames

WINDOW_S: Final = 1.0
MIN_FRAMES: Final = 10
"""A step with fewer frames of speech around it is no evidence."""
MIN_SPEECH_S: Final = 4.0
"""With less speech the voice is no evidence."""
MIN_PAIRS: Final = 20
"""Pairs of steps a window apart, with fewer of which the variances are those of all the speech."""
WEIGHT: Final = STEP_S / WINDOW_S
"""Weight of a step's log-likelihood ratio: the windows of neighbouring steps overlap."""
MAX_EVIDENCE: Final = 0.8
"""Largest log-likelihood ratio of one step."""
DIVISIONS: Final = 3
"""Divisions of the speech by the voice alone."""
LOUD_DB: Final = 30.0
"""Frames softer than the loud ones by more than this contain more of the room than of the voice."""
LOUDEST: Final = 95.0
"""The loud frames are at this percentile."""

_MIN_VOICED: Final = 5  # frames in a window, without which its F0 is the median of the recording
_PRIOR_S: Final = 0.5  # of speech as which the mean of all the speech counts in that of a voice
_MIN_VARIANCE: Final = 1e-6


class TwoVoices:
    """The voices in the ``steps`` of a recording's speech, of which ``frames`` are the features."""

    def __init__(self, steps: Steps, frames: VoiceFrames) -> None:
        self._steps = steps
        self._block = steps.blocks()
        means, count = _window_means(steps, frames)
        self._usable = count >= MIN_FRAMES
        self.is_enough = bool(steps.lengths_s[self._usable].sum() >= MIN_SPEECH_S)
        if self.is_enough:
            means -= means[self._usable].mean(axis=0)
            self._means = means / np.sqrt(_variances(steps, means, self._usable))

    def evidence(self, first: Float64) -> Float64:
        """The log-likelihood ratio (steps,) of the first voice against the second, where ``first`` (steps,) is the
        probability of each step to be the first one's."""
        if not self.is_enough:
            return np.zeros(first.size)
        ratio = self._log_likelihood(first) - self._log_likelihood(1 - first)
        return np.where(self._usable, np.clip(WEIGHT * ratio, -MAX_EVIDENCE, MAX_EVIDENCE), 0.0)

    def divisions(self) -> list[Float64]:
        """Probabilities (steps,) of one of two voices with which estimation may begin: the blocks on one side of the
        median, along each of the principal components of the window means with the most variance."""
        _, axes = np.linalg.eigh(np.cov(self._means[self._usable].T))
        frames = np.maximum(1, np.bincount(self._block, self._usable))
        found = []
        for axis in axes.T[::-1][:DIVISIONS]:
            mean = np.bincount(self._block, np.where(self._usable, self._means @ axis, 0.0)) / frames
            found.append(np.where(mean > np.median(mean), 0.9, 0.1)[self._block])
        return found

    def _log_likelihood(self, own: Float64) -> Float64:
        """Of the voice that has each step with the probability ``own`` (steps,), by the predictive distribution: the
        less speech there is of a voice, the less its mean is known."""
        blocks = int(self._block[-1]) + 1
        weights = own * self._steps.lengths_s * self._usable
        counts_s = np.bincount(self._block, weights, blocks)
        sums = np.stack([np.bincount(self._block, weights * column, blocks) for column in self._means.T], axis=1)
        known_s = counts_s.sum() - counts_s + _PRIOR_S
        means = (sums.sum(axis=0) - sums) / known_s[:, np.newaxis]
        variances = (1 + WINDOW_S / known_s)[self._block]
        squares = ((self._means - means[self._block]) ** 2).sum(axis=1)
        return np.asarray(-0.5 * squares / variances - 0.5 * self._means.shape[1] * np.log(variances))


def _window_means(steps: Steps, frames: VoiceFrames) -> tuple[Float64, Float64]:
    """The mean cepstrum and F0 (steps, 16) within :data:`WINDOW_S` around each step in its segment, and the number of
    frames (steps,) they are of."""
    loud = np.zeros(0, np.bool_)
    if frames.level_db.size:
        loud = frames.level_db >= np.percentile(frames.level_db, LOUDEST) - LOUD_DB
    frames = frames.where(loud)
    begin_s, end_s = steps.segments
    first = np.searchsorted(frames.times_s, np.maximum(begin_s, steps.middles_s - WINDOW_S / 2))
    last = np.searchsorted(frames.times_s, np.minimum(end_s, steps.middles_s + WINDOW_S / 2))

    def total(values: Float64) -> Float64:
        sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
        return np.asarray(sums[last] - sums[first])

    count = (last - first).astype(np.float64)
    cepstra = total(frames.cepstra.astype(np.float64)) / np.maximum(1.0, count)[:, np.newaxis]
    cents = frames.cents.astype(np.float64)
    voiced = ~np.isnan(cents)
    typical = float(np.median(cents[voiced])) if np.any(voiced) else 0.0
    pitch = total(np.stack([np.where(voiced, cents, 0.0), voiced], axis=1))
    mean = np.where(pitch[:, 1] >= _MIN_VOICED, pitch[:, 0] / np.maximum(1.0, pitch[:, 1]), typical)
    return np.column_stack([cepstra, mean]), count


def _variances(steps: Steps, means: Float64, usable: Bool) -> Float64:
    """The variances (16,) of the window means of one voice."""
    apart = round(WINDOW_S / STEP_S)
    one, other = np.arange(means.shape[0] - apart), np.arange(apart, means.shape[0])
    pairs = (steps.segment[one] == steps.segment[other]) & usable[one] & usable[other]
    if pairs.sum() < MIN_PAIRS:
        return np.asarray(np.maximum(_MIN_VARIANCE, means[usable].var(axis=0)))
    differences = (means[other] - means[one])[pairs]
    return np.asarray(np.maximum(_MIN_VARIANCE, np.mean(differences**2, axis=0) / 2))
