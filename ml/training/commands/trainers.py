"""Which room trains which modality; a room's training module is imported when asked for."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol, cast

from ml.artifacts import Artifact
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION, MODALITIES, SPEECH_EMOTION
from ml.training.errors import TrainingError
from ml.training.evaluation import Evaluation
from ml.training.metrics import Floats
from ml.training.options import Options

TRAINED: Final = (FACIAL_EXPRESSION, EYE_EMOTION, SPEECH_EMOTION)


class Room(Protocol):
    """What ``ml.training.<modality>.trainer`` offers.

    ``VERSIONS`` maps each version that can be trained to a sentence on what that takes; the first is the default.
    """

    VERSIONS: Mapping[str, str]

    def train(self, options: Options) -> Artifact | None:
        """Train, measure and write a version; None where only a protocol was re-run. Raises ``TrainingError``."""
        ...

    def evaluate(self, artifact: Artifact, data: Path, split: str, work: Path) -> dict[str, Any]:
        """Figures of the installed file on a split (``train``, ``public``, ``private``). Raises ``TrainingError``."""
        ...

    def measure(self, artifact: Artifact, data: Path, work: Path) -> Evaluation:
        """All figures of the version's card, measured anew on the installed file. Raises ``TrainingError``."""
        ...

    def neutral(self, artifact: Artifact, data: Path, work: Path) -> Floats:
        """Calibrated probabilities (n, labels) of validation samples of people who express nothing; n may be 0."""
        ...


def room(modality: str) -> Room:
    """The training module of a modality; raises :class:`TrainingError` for one that is not trained."""
    if modality == EYE_GAZE:
        raise TrainingError("eye_gaze is geometry and is not trained.")
    if modality not in TRAINED:
        raise TrainingError(f"There is no modality '{modality}'; there are {', '.join(MODALITIES)}.")
    return cast(Room, importlib.import_module(f"ml.training.{modality}.trainer"))


def check_version(modality: str, version: str | None) -> str:
    """The version to train: the one asked for, or the room's default; raises :class:`TrainingError`."""
    versions = room(modality).VERSIONS
    if version is None:
        return next(iter(versions))
    if version not in versions:
        raise TrainingError(f"{modality} has no version '{version}' to train; there are {', '.join(versions)}.")
    return version
