"""The trainer of each modality; its module is imported when it is asked for."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, cast

from ml.artifacts import Artifact
from ml.class_prior import ClassPrior
from ml.recognizers import NETWORKS, RECOGNIZERS
from ml.training.errors import TrainingError
from ml.training.evaluation import Evaluation
from ml.training.metrics import Floats
from ml.training.options import Options


class Trainer(Protocol):
    """What the module ``ml.training.<modality>.trainer`` offers.

    ``VERSIONS`` maps each version that can be trained to a sentence on what that takes; the first is the default.
    """

    VERSIONS: Mapping[str, str]

    def train(self, options: Options) -> Artifact | None:
        """Train, evaluate and write a version; None where only a protocol was re-run. Raises ``TrainingError``."""
        ...

    def evaluate(self, artifact: Artifact, data: Path, split: str, work: Path) -> dict[str, Any]:
        """Scores of the installed file on a split (``train``, ``public``, ``private``). Raises ``TrainingError``."""
        ...

    def evaluate_all(self, artifact: Artifact, data: Path, work: Path) -> Evaluation:
        """All results of the version's card, of the installed file. Raises ``TrainingError``."""
        ...

    def neutral(self, artifact: Artifact, data: Path, work: Path) -> Floats:
        """Calibrated probabilities (n, labels) of neutral validation samples; n may be 0."""
        ...

    def class_prior(self, artifact: Artifact, data: Path, work: Path) -> ClassPrior | None:
        """The class priors of the version; None where no prior of use is known."""
        ...


def trainer_of(modality: str) -> Trainer:
    """Raises :class:`TrainingError` for a modality that is not trained."""
    if modality not in RECOGNIZERS:
        raise TrainingError(f"There is no modality '{modality}'; there are {', '.join(RECOGNIZERS)}.")
    if modality not in NETWORKS:
        raise TrainingError(f"{modality} is geometry and is not trained.")
    return cast(Trainer, importlib.import_module(f"ml.training.{modality}.trainer"))


def check_version(modality: str, version: str | None) -> str:
    """The version to train: the one asked for, or the trainer's default; raises :class:`TrainingError`."""
    versions = trainer_of(modality).VERSIONS
    if version is None:
        return next(iter(versions))
    if version not in versions:
        raise TrainingError(f"{modality} has no version '{version}' to train; there are {', '.join(versions)}.")
    return version
