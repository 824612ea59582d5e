"""What the commands train_model, evaluate_model and describe_model do, without the command line."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from ml import artifacts
from ml.artifacts import Artifact, ArtifactMissing
from ml.modalities import MODALITIES, SPEECH_EMOTION
from ml.training import package
from ml.training.commands import neutral_prior, trainers
from ml.training.errors import TrainingError
from ml.training.options import Options

SPLITS = ("train", "public", "private")


def train(modality: str, *, version: str | None, save_as: str | None = None, **choices: Any) -> Artifact | None:
    """Train a version with the :class:`Options` ``choices``, to be called ``save_as`` (default: as it always is); None
    where only a protocol was re-run."""
    chosen = trainers.check_version(modality, version)
    options = Options(version=chosen, **choices)
    check_data(options.data)
    if options.epochs is not None and options.epochs < 1:
        raise TrainingError("The number of epochs must be 1 or more.")
    # Under another name it must not pass through the folder of the version that has its own.
    staged = options if save_as is None else dataclasses.replace(options, output=options.work / "packaged")
    artifact = trainers.room(modality).train(staged)
    if artifact is not None and save_as is not None:
        artifact = package.save_as(artifact, save_as, weights=options.output)
    return artifact and neutral_prior.measure(artifact, data=options.data, work=options.work)


def measure_neutral(modality: str, *, version: str | None, data: Path, work: Path) -> Artifact:
    """Measure an installed version on neutral samples, and write that into its manifest."""
    trainers.room(modality)
    check_data(data)
    measured = neutral_prior.measure(_installed(modality, version), data=data, work=work)
    if not measured.manifest.neutral:
        raise TrainingError(f"There are no neutral samples for {modality} {measured.manifest.version}.")
    return measured


def evaluate(
    modality: str, *, version: str | None, data: Path, split: str, work: Path, weights: Path = artifacts.WEIGHTS
) -> dict[str, Any]:
    """Figures of a version in ``weights`` on a split of the data, with what they are figures of."""
    room = trainers.room(modality)
    check_data(data)
    artifact = _installed(modality, version, weights=weights)
    manifest = artifact.manifest
    head = {"modality": modality, "version": manifest.version, "sha256": manifest.sha256, "split": split}
    return head | room.evaluate(artifact, data, split, work)


def renew_card(modality: str, *, version: str | None, data: Path, work: Path, weights: Path) -> Artifact:
    """Measure everything that a version's card shows anew, on its file, and write that into its place."""
    room = trainers.room(modality)
    check_data(data)
    if modality == SPEECH_EMOTION:
        raise TrainingError(
            "The figures of speech_emotion are those of its folds: train_model speech_emotion --package-only "
            "makes them anew from the fold predictions that are kept."
        )
    artifact = _installed(modality, version, weights=weights)
    return package.renew(artifact, room.measure(artifact, data, work))


def describe(modality: str, *, version: str | None) -> dict[str, Any]:
    """The manifest of an installed version, with whether its file is intact; works for every modality."""
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
        needs = trainers.room(modality).VERSIONS.get(version or "") if modality in trainers.TRAINED else None
        raise ArtifactMissing(f"{error} {needs}" if needs else str(error)) from error
    artifacts.verify(artifact)
    return artifact


def check_data(data: Path) -> None:
    """Raises :class:`TrainingError` when the data folder is not there."""
    if not data.is_dir():
        raise TrainingError(f"The data folder {data} does not exist.")


def dump(result: dict[str, Any], target: str, out: Any) -> None:
    """Write JSON to the file ``target``, or to ``out`` for ``-``; raises :class:`TrainingError`."""
    text = json.dumps(result, indent=1)
    if target == "-":
        out.write(text + "\n")
        return
    try:
        Path(target).write_text(text + "\n")
    except OSError as error:
        raise TrainingError(f"{target} cannot be written ({error.strerror}).") from error
