"""Training batches: of varied windows, for the networks that see pictures, and of numbers under conditions."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.speech_emotion.compact.variation import Variation, hide, mixed, vary
from ml.speech_emotion.compact.windows import HeardClips, courses
from ml.speech_emotion.dataset import Floats, Indices
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.log_mel import standardise
from ml.speech_emotion.voice_window import pack
from ml.training.loop import Batch


def smoothed(truth: Indices, smoothing: float) -> Floats:
    """Targets (n, 8) of class indices (n,), of which ``smoothing`` is spread over all classes."""
    hard = np.eye(len(LABELS), dtype=np.float32)[truth]
    return hard * np.float32(1 - smoothing) + np.float32(smoothing / len(LABELS))


class VariedBatches:
    """Shuffled, varied and mixed training windows; the same for the same seed and epoch.

    Targets (n, 10) are the emotions and, to be told beside them, how they were acted. Inputs are pictures
    (n, 129, 80, 1) or, ``with_contours``, the rows of both.
    """

    def __init__(
        self,
        clips: HeardClips,
        chosen: Indices,
        *,
        with_contours: bool,
        variation: Variation,
        mixing: float,
        smoothing: float,
        batch_size: int,
        seed: int,
    ) -> None:
        self._frames = clips.features.frames[chosen]
        self._truth = clips.truth[chosen]
        self._targets = np.concatenate([smoothed(self._truth, smoothing), clips.manner[chosen]], axis=1)
        self._alike = [np.flatnonzero(self._truth == label) for label in range(len(LABELS))]
        self._with_contours = with_contours
        self._variation = variation
        self._mixing = mixing
        self._batch_size = batch_size
        self._seed = seed
        self.steps = len(chosen) // batch_size

    def epoch(self, number: int) -> Iterator[Batch]:
        random = np.random.default_rng([self._seed, number])
        order: npt.NDArray[Any] = random.permutation(len(self._truth))
        for step in range(self.steps):
            members = order[step * self._batch_size : (step + 1) * self._batch_size]
            inputs = self._windows(members, random)
            yield *mixed(inputs, self._targets[members], self._mixing, random), None

    def _windows(self, members: Indices, random: np.random.Generator) -> Floats:
        varied = [vary(self._frames[i], self._other(i, random), self._variation, random) for i in members]
        pictures = standardise(np.stack([picture for picture, _ in varied]))
        contours = courses(np.stack([track for _, track in varied]))
        for picture, course in zip(pictures, contours, strict=True):
            hide(picture[..., 0], course, self._variation, random)
        return pack(pictures, contours) if self._with_contours else pictures

    def _other(self, i: int, random: np.random.Generator) -> Any:
        """The frames of a clip of the same emotion, or None."""
        if random.random() >= self._variation.restyled:
            return None
        return self._frames[random.choice(self._alike[self._truth[i]])]


class NumberBatches:
    """Shuffled and mixed numbers (n, 4, 80, 1), some of them of windows under a condition; the same for the same seed
    and epoch."""

    def __init__(
        self,
        clips: HeardClips,
        chosen: Indices,
        *,
        conditions: Sequence[str],
        changed: float,
        mixing: float,
        smoothing: float,
        batch_size: int,
        seed: int,
    ) -> None:
        """``changed`` is the share of windows heard under one of ``conditions``; ``mixing`` the parameter of mixup's
        beta distribution; ``smoothing`` the share of the targets that is spread over all classes."""
        ways = [clips.features, *(clips.changed[name] for name in conditions)]
        self._ways = [way.number_rows(chosen) for way in ways]
        self._targets = smoothed(clips.truth[chosen], smoothing)
        self._changed = changed
        self._mixing = mixing
        self._batch_size = batch_size
        self._seed = seed
        self.steps = len(chosen) // batch_size

    def epoch(self, number: int) -> Iterator[Batch]:
        random = np.random.default_rng([self._seed, number])
        count = len(self._targets)
        order: npt.NDArray[Any] = random.permutation(count)
        ways = np.where(random.random(count) < self._changed, random.integers(1, len(self._ways), count), 0)
        for step in range(self.steps):
            members = order[step * self._batch_size : (step + 1) * self._batch_size]
            inputs = np.stack([self._ways[ways[i]][i] for i in members])
            yield *mixed(inputs, self._targets[members], self._mixing, random), None
