"""Train a version of a recogniser and package it with its figures and its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from analysis.management.commands._model_command import ModelCommand
from ml.artifacts import WEIGHTS
from ml.training.commands.versions import train_version


class Command(ModelCommand):
    help = (
        "Train a recogniser on the data sets of a folder, measure it, and write it to ml/weights with its model card."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--data",
            required=True,
            type=Path,
            help="folder with fer2013.npz, ravdess/ and eye_strips/ (or the DIU set)",
        )
        parser.add_argument("--epochs", type=int, help="stop after this many epochs in all; default: as prescribed")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--resume", action="store_true", help="continue from the last checkpoint")
        parser.add_argument("--package-only", action="store_true", help="package the best checkpoint, train no further")
        parser.add_argument(
            "--protocol",
            help="speech_emotion: run the folds of one protocol (speaker, random, corpus, ravdess-only) only",
        )
        parser.add_argument(
            "--backbones", type=Path, help="eye_emotion paper-v1: folder with the ImageNet weights of both backbones"
        )
        parser.add_argument("--output", type=Path, default=WEIGHTS, help="where the version goes; default: ml/weights")
        parser.add_argument("--save-as", help="name of the version that is written; default: that of its recipe")
        parser.add_argument("--work", type=Path, help="checkpoints and caches; default: VAR_DIR/training")

    def run(self, options: dict[str, Any]) -> None:
        artifact = train_version(
            options["modality"],
            version=options["model_version"],
            save_as=options["save_as"],
            data=options["data"],
            work=self.work_folder(options),
            output=options["output"],
            epochs=options["epochs"],
            seed=options["seed"],
            resume=options["resume"],
            package_only=options["package_only"],
            protocol=options["protocol"],
            backbones=options["backbones"],
        )
        if artifact is not None:
            self.stdout.write(f"{artifact.folder}: {artifact.manifest.name}, version {artifact.manifest.version}")
