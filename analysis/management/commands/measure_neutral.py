"""Measure the neutral prior of an installed version: the reference for readings relative to a person's baseline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from analysis.management.commands._model_command import ModelCommand
from ml.training.commands.versions import measure_neutral_prior


class Command(ModelCommand):
    help = "Write a version's neutral prior, its typical probabilities for neutral samples, into its manifest."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--data", required=True, type=Path, help="as for train_model")
        parser.add_argument("--work", type=Path, help="checkpoints and caches; default: VAR_DIR/training")

    def run(self, options: dict[str, Any]) -> None:
        artifact = measure_neutral_prior(
            options["modality"],
            version=options["model_version"],
            data=options["data"],
            work=self.work_folder(options),
        )
        for label, share in zip(artifact.manifest.labels, artifact.manifest.neutral, strict=True):
            self.stdout.write(f"{label:<12}{share:.3f}")
