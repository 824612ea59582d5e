"""A version that judges together with the network of another one, trained before it in the same work folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ml.speech_emotion import network
from ml.speech_emotion.protocols import ALL_ACTORS, PREDICTIONS
from ml.training import checkpoint
from ml.training.errors import TrainingError
from ml.training.metrics import Floats, Ints


@dataclass(frozen=True)
class Partner:
    """``version`` is the other one's, ``build`` gives its network uncompiled, ``weight`` (0..1) is its share in the
    weighted geometric mean of both probabilities."""

    version: str
    build: Callable[[], Any]
    weight: float

    def predictions(self, room: Path, fold: str, indices: Mapping[str, Ints]) -> dict[str, Floats]:
        """What the partner predicted in the same fold, by the names of :data:`ml.speech_emotion.protocols.PREDICTIONS`;
        ``room`` is this room's work folder. A test clip of this fold is one that it never heard either.

        Raises :class:`TrainingError` where it was not trained, or on other ``indices`` of clips.
        """
        path = room / self.version / fold / PREDICTIONS
        if not path.is_file():
            raise TrainingError(self._untrained(f"{fold} has no predictions in {path.parent.parent}"))
        with np.load(path) as arrays:
            if any(not np.array_equal(arrays[name], wanted) for name, wanted in indices.items()):
                raise TrainingError(self._untrained(f"{path} was predicted for other clips"))
            return {name: arrays[name] for name in arrays.files}

    def mean(self, own: Mapping[str, Floats], partners: Mapping[str, Floats]) -> dict[str, Floats]:
        """Probabilities (n, 8) of both together, of all that both predicted."""
        return {name: self._of_two(found, partners[name]) for name, found in own.items() if name in partners}

    def together(self, own: Any, room: Path) -> Any:
        """The shipped network: ``own`` and the partner's, trained on all actors, behind one input.

        Raises :class:`TrainingError` where the partner was not trained on all actors.
        """
        folder = room / self.version / ALL_ACTORS
        if not (folder / checkpoint.BEST).is_file():
            raise TrainingError(self._untrained(f"{folder} has no checkpoint"))
        other = self.build()
        checkpoint.load_best(folder, other)
        return network.together(own, other, weight=self.weight)

    def _of_two(self, own: Floats, partners: Floats) -> Floats:
        least = network.LEAST_PROBABILITY
        mean = (own + least) ** (1 - self.weight) * (partners + least) ** self.weight
        return np.asarray(mean / mean.sum(axis=1, keepdims=True))

    def _untrained(self, what: str) -> str:
        return (
            f"This version judges together with {self.version}'s network, but {what}: train {self.version} with the "
            "same --work, --protocol and --seed first."
        )
