"""Measure an installed version on neutral samples: the reference for readings relative to a person's baseline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from analysis.management.commands._model_command import ModelCommand
from ml.training.commands import run


class Command(ModelCommand):
    help = "Write into a version's manifest what it typically says of people who express nothing in particular."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--data", required=True, type=Path, help="as for train_model")
        parser.add_argument("--work", type=Path, help="checkpoints and caches; default: VAR_DIR/training")

    def run(self, options: dict[str, Any]) -> None:
        artifact = run.measure_neutral(
            options["modality"],
            version=options["model_version"],
            data=options["data"],
            work=options["work"] or Path(settings.VAR_DIR) / "training",
        )
        for label, share in zip(artifact.manifest.labels, artifact.manifest.neutral, strict=True):
            self.stdout.write(f"{label:<12}{share:.3f}")
