"""What a version says of people who express nothing: the reference for readings relative to a person's own baseline.

Its typical probabilities of neutral samples that it was not trained on stand in the manifest as ``neutral``.
"""

import dataclasses
import json
from pathlib import Path
from typing import Final

import numpy as np

from ml import artifacts
from ml.artifacts import Artifact
from ml.training.commands import trainers
from ml.training.metrics import Floats

FLOOR: Final = 1e-3
"""Probabilities below count as this, so that one confident mistake does not decide the mean."""


def typical(probabilities: Floats) -> tuple[float, ...]:
    """The geometric mean of probabilities (n, classes), made to sum to 1."""
    mean = np.exp(np.log(np.maximum(probabilities, FLOOR)).mean(axis=0))
    return tuple(round(float(p), 4) for p in mean / mean.sum())


def measure(artifact: Artifact, *, data: Path, work: Path) -> Artifact:
    """Measure a version on the neutral samples of its validation data and write that into its manifest.

    A version for which there are none stays as it is.
    """
    manifest = artifact.manifest
    probabilities = trainers.room(manifest.modality).neutral(artifact, data, work)
    if not len(probabilities):
        return artifact
    measured = dataclasses.replace(manifest, neutral=typical(probabilities))
    path = artifact.folder / artifacts.MANIFEST
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(measured.to_json(), indent=1) + "\n")
    draft.replace(path)
    return Artifact(artifact.folder, measured)
