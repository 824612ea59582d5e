"""Measure the priors of an installed version: of neutral samples, the reference of baselines, and of its classes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from analysis.management.commands._model_command import ModelCommand
from ml.training.commands.versions import measure_priors


class Command(ModelCommand):
    help = (
        "Write into a version's manifest its neutral prior (typical probabilities of neutral samples) and, for facial "
        "expressions, its class priors (shares of the labels in training and in conversation)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--data", required=True, type=Path, help="as for train_model")
        parser.add_argument("--work", type=Path, help="checkpoints and caches; default: VAR_DIR/training")

    def run(self, options: dict[str, Any]) -> None:
        artifact = measure_priors(
            options["modality"],
            version=options["model_version"],
            data=options["data"],
            work=self.work_folder(options),
        )
        manifest = artifact.manifest
        prior = manifest.class_prior
        heading = ("training", "use") if prior is not None else ()
        self.stdout.write(" ".join([f"{'':<12}", f"{'neutral':>8}", *(f"{name:>8}" for name in heading)]))
        columns = [manifest.neutral, *((prior.training, prior.use) if prior is not None else ())]
        for label, *shares in zip(manifest.labels, *columns, strict=True):
            self.stdout.write(" ".join([f"{label:<12}", *(f"{share:>8.3f}" for share in shares)]))
