"""Evidence from the voice: which of two voices each step of speech resembles.

Each voice is a Gaussian mixture over the cepstrum, adapted from the mixture of all the speech, and a Gaussian over F0.
A step is compared with voices that were estimated without the block of seconds around it. Otherwise a single voice
could be divided in two, each part resembling itself.
"""

from typing import Final

import numpy as np

from ml.arrays import Float64, Int64
from ml.voice import mixture
from ml.voice.timbre import VoiceFrames

COMPONENTS: Final = 12
MIN_FRAMES: Final = 10 * COMPONENTS
"""With fewer frames of speech the voice is no evidence."""
FRAME_WEIGHT: Final = 0.05
"""Weight of the log-likelihood ratio of a frame: neighbouring frames resemble each other, and mixtures that are
estimated from seconds of speech overstate."""
MAX_EVIDENCE: Final = 0.6
"""Largest log-likelihood ratio of one step."""
LOUD_DB: Final = 30.0
"""Frames softer than the loud ones by more than this contain more of the room than of the voice."""
LOUDEST: Final = 95.0
"""The loud frames are at this percentile."""
MIN_CENTS_SPREAD: Final = 250.0
"""Smallest standard deviation of a voice's F0."""

_MIN_VOICED: Final = 20
_FRAME_RANGE: Final = 6.0  # largest log-likelihood ratio of a frame's cepstrum
_F0_RANGE: Final = 4.0  # and of its F0
_OUTLIERS: Final = -4.0  # log density of F0 anywhere, relative to the top of the narrowest Gaussian: octave errors


class TwoVoices:
    """The frames of a recording's speech, assigned to its steps."""

    def __init__(self, frames: VoiceFrames, step_of: Int64, blocks: Int64) -> None:
        """``step_of`` (n,): the step of each frame. ``blocks`` (steps,): the number of each step's block, ascending,
        from 0."""
        loud = np.zeros(0, np.bool_)
        if frames.level_db.size:
            loud = frames.level_db >= np.percentile(frames.level_db, LOUDEST) - LOUD_DB
        self._steps, self._count = blocks.size, int(blocks[-1]) + 1 if blocks.size else 0
        self._step = step_of[loud]
        self._block = blocks[self._step]
        self.is_enough = bool(self._step.size >= MIN_FRAMES)
        if self.is_enough:
            cepstra = frames.cepstra[loud].astype(np.float64)
            self._cepstra = (cepstra - cepstra.mean(axis=0)) / np.maximum(1e-6, cepstra.std(axis=0))
            self._common = mixture.estimate(self._cepstra, COMPONENTS)
            self._shares = self._common.responsibilities(self._cepstra)
            self._edges = np.searchsorted(self._block, np.arange(self._count + 1))
            cents = frames.cents[loud].astype(np.float64)
            self._voiced = np.flatnonzero(~np.isnan(cents))
            self._cents = cents[self._voiced]

    def evidence(self, first: Float64) -> Float64:
        """The log-likelihood ratio (steps,) of the first voice against the second, where ``first`` (steps,) is the
        probability of each step to be the first one's."""
        if not self.is_enough:
            return np.zeros(self._steps)
        ratio = np.bincount(self._step, self._cepstral_ratio(first), self._steps)
        if self._cents.size >= _MIN_VOICED:
            ratio += np.bincount(self._step[self._voiced], self._pitch_ratio(first), self._steps)
        return np.clip(FRAME_WEIGHT * ratio, -MAX_EVIDENCE, MAX_EVIDENCE)

    def _cepstral_ratio(self, first: Float64) -> Float64:
        weight = first[self._step]
        logs = []
        for own in (weight, 1 - weight):
            weighted = self._shares * own[:, np.newaxis]
            parts = [slice(a, b) for a, b in zip(self._edges[:-1], self._edges[1:], strict=True)]
            counts = np.array([weighted[part].sum(axis=0) for part in parts])
            sums = np.array([weighted[part].T @ self._cepstra[part] for part in parts])
            other_counts, other_sums = counts.sum(axis=0) - counts, sums.sum(axis=0) - sums
            logs.append(
                np.concatenate(
                    [
                        self._common.adapted(other_counts[i], other_sums[i]).log_likelihood(self._cepstra[part])
                        for i, part in enumerate(parts)
                    ]
                )
            )
        return np.asarray(np.clip(logs[0] - logs[1], -_FRAME_RANGE, _FRAME_RANGE))

    def _pitch_ratio(self, first: Float64) -> Float64:
        common, block = float(np.median(self._cents)), self._block[self._voiced]
        weight = first[self._step[self._voiced]]
        logs = []
        for own in (weight, 1 - weight):
            moments = [np.bincount(block, own * self._cents**power, self._count) for power in range(3)]
            count, total, squares = (moment.sum() - moment for moment in moments)
            mean = (total + mixture.RELEVANCE * common) / (count + mixture.RELEVANCE)
            variance = np.maximum(0.0, squares - 2 * mean * total + count * mean**2) + (
                mixture.RELEVANCE * MIN_CENTS_SPREAD**2
            )
            variance = np.maximum(variance / (count + mixture.RELEVANCE), MIN_CENTS_SPREAD**2)[block]
            log = -0.5 * (self._cents - mean[block]) ** 2 / variance - 0.5 * np.log(variance)
            logs.append(np.logaddexp(log, _OUTLIERS - np.log(MIN_CENTS_SPREAD)))
        return np.asarray(np.clip(logs[0] - logs[1], -_F0_RANGE, _F0_RANGE))
