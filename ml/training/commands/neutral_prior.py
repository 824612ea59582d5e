"""The neutral prior: a version's typical probabilities for neutral samples that it was not trained on.

It stands in the manifest as ``neutral`` and is the reference for readings relative to a person's own baseline.
"""

from pathlib import Path
from typing import Final

import numpy as np

from ml.artifacts import Artifact
from ml.training import package
from ml.training.commands.trainers import trainer_of
from ml.training.metrics import Floats

FLOOR: Final = 1e-3
"""Lower bound of a probability, so that one confident mistake does not dominate the mean."""


def typical(probabilities: Floats) -> tuple[float, ...]:
    """The geometric mean of probabilities (n, classes), made to sum to 1."""
    mean = np.exp(np.log(np.maximum(probabilities, FLOOR)).mean(axis=0))
    return tuple(round(float(p), 4) for p in mean / mean.sum())


def measure(artifact: Artifact, *, data: Path, work: Path) -> Artifact:
    """Measure a version on the neutral samples of its validation data and write that into its manifest.

    A version for which there are none stays as it is.
    """
    probabilities = trainer_of(artifact.manifest.modality).neutral(artifact, data, work)
    if not len(probabilities):
        return artifact
    return package.change_manifest(artifact, neutral=typical(probabilities))
