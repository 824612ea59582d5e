"""The class prior of a version: measured for training, argued for use; it stands in the manifest."""

from pathlib import Path

from ml.artifacts import Artifact
from ml.training import package
from ml.training.commands.trainers import trainer_of


def measure(artifact: Artifact, *, data: Path, work: Path) -> Artifact:
    """Measure the prior of training and write both into the manifest; a modality without a prior of use stays as it
    is."""
    prior = trainer_of(artifact.manifest.modality).class_prior(artifact, data, work)
    return artifact if prior is None else package.change_manifest(artifact, class_prior=prior)
