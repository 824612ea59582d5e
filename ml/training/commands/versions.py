"""What the management commands do with a version: train it, evaluate it, renew its card, describe it."""

import dataclasses
from pathlib import Path
from typing import Any, Final

from ml import artifacts
from ml.artifacts import Artifact, ArtifactMissing
from ml.modalities import MODALITIES, SPEECH_EMOTION
from ml.recognizers import NETWORKS
from ml.training import package
from ml.training.commands import class_prior, neutral_prior
from ml.training.commands.trainers import check_version, trainer_of
from ml.training.errors import TrainingError
from ml.training.options import Options

SPLITS: Final = ("train", "public", "private")


def train_version(modality: str, *, version: str | None, save_as: str | None = None, **choices: Any) -> Artifact | None:
    """Train a version with the :class:`Options` ``choices`` and write it as ``save_as`` (default: its recipe's name);
    None where only a protocol was re-run."""
    chosen = check_version(modality, version)
    options = Options(version=chosen, **choices)
    _check_data(options.data)
    if options.epochs is not None and options.epochs < 1:
        raise TrainingError("The number of epochs must be 1 or more.")
    # Under another name it must not pass through the folder of the version that has its own.
    staged = options if save_as is None else dataclasses.replace(options, output=options.work / "packaged")
    artifact = trainer_of(modality).train(staged)
    if artifact is not None and save_as is not None:
        artifact = package.save_as(artifact, save_as, weights=options.output)
    return artifact and _measure_priors(artifact, data=options.data, work=options.work)


def measure_priors(modality: str, *, version: str | None, data: Path, work: Path) -> Artifact:
    """Measure the neutral prior and the class prior of an installed version and write them into its manifest."""
    trainer_of(modality)
    _check_data(data)
    measured = _measure_priors(_installed(modality, version), data=data, work=work)
    if not measured.manifest.neutral:
        raise TrainingError(f"There are no neutral samples for {modality} {measured.manifest.version}.")
    return measured


def _measure_priors(artifact: Artifact, *, data: Path, work: Path) -> Artifact:
    return class_prior.measure(neutral_prior.measure(artifact, data=data, work=work), data=data, work=work)


def evaluate_version(
    modality: str, *, version: str | None, data: Path, split: str, work: Path, weights: Path = artifacts.WEIGHTS
) -> dict[str, Any]:
    """Scores of a version in ``weights`` on a split of the data, with what they belong to."""
    trainer = trainer_of(modality)
    _check_data(data)
    artifact = _installed(modality, version, weights=weights)
    manifest = artifact.manifest
    head = {"modality": modality, "version": manifest.version, "sha256": manifest.sha256, "split": split}
    return head | trainer.evaluate(artifact, data, split, work)


def renew_card(modality: str, *, version: str | None, data: Path, work: Path, weights: Path) -> Artifact:
    """Evaluate a version's file again for all that its card shows, and write that into its place."""
    trainer = trainer_of(modality)
    _check_data(data)
    if modality == SPEECH_EMOTION:
        raise TrainingError(
            "The figures of speech_emotion are those of its folds: train_model speech_emotion --package-only "
            "makes them anew from the fold predictions that are kept."
        )
    artifact = _installed(modality, version, weights=weights)
    return package.renew(artifact, trainer.evaluate_all(artifact, data, work))


def describe_version(modality: str, *, version: str | None) -> dict[str, Any]:
    """The manifest of an installed version, with whether it is the default and its size; works for every modality."""
    if modality not in MODALITIES:
        raise TrainingError(f"There is no modality '{modality}'; there are {', '.join(MODALITIES)}.")
    artifact = _installed(modality, version)
    default = artifacts.default_versions().get(modality) == artifact.manifest.version
    return artifact.manifest.to_json() | {"is_default": default, "bytes": artifact.path.stat().st_size}


def _installed(modality: str, version: str | None, *, weights: Path = artifacts.WEIGHTS) -> Artifact:
    """The verified version; for one that could be trained but is not there, the error says what training it takes."""
    try:
        artifact = artifacts.find(modality, version, weights=weights)
    except ArtifactMissing as error:
        needs = trainer_of(modality).VERSIONS.get(version or "") if modality in NETWORKS else None
        raise ArtifactMissing(f"{error} {needs}" if needs else str(error)) from error
    artifacts.verify(artifact)
    return artifact


def _check_data(data: Path) -> None:
    if not data.is_dir():
        raise TrainingError(f"The data folder {data} does not exist.")
