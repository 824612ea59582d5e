"""Comparison of the installed face versions: corruption robustness, and accuracy by crop margin."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.artifacts import WEIGHTS, installed
from ml.modalities import FACIAL_EXPRESSION
from ml.training.datasets import fer2013
from ml.training.errors import TrainingError
from ml.training.facial_expression import corruptions, crop_framing, evaluation
from ml.training.facial_expression.trainer import predictor

SEED: Final = 5


def measure(data: Path, *, split: str, faces: int | None, weights: Path = WEIGHTS) -> dict[str, Any]:
    """Tables of corruption robustness and crop framing by version, on a split or on ``faces`` random pictures of it.

    Raises :class:`TrainingError`.
    """
    if faces is not None and faces < 1:
        raise TrainingError("The number of faces must be 1 or more.")
    chosen = fer2013.load(data, split)
    if faces is not None:
        index = np.random.default_rng(SEED).permutation(len(chosen.truth))[:faces]
        chosen = replace(
            chosen,
            images=chosen.images[index],
            truth=chosen.truth[index],
            rows=chosen.rows[index],
            seen_in_training=chosen.seen_in_training[index],
        )
    title = evaluation.TITLES[split]
    found = crop_framing.find(chosen.images, title=title)
    if not len(found.index):
        raise TrainingError(f"No face of {title} has landmarks.")
    truth = chosen.truth[found.index]
    versions = {}
    for artifact in installed(weights=weights):
        if artifact.manifest.modality == FACIAL_EXPRESSION:
            predict = predictor(artifact)
            versions[artifact.manifest.version] = {
                "robustness": corruptions.table(chosen, predict, title=title),
                "own_crops": round(float((predict(chosen.images[found.index]).argmax(axis=1) == truth).mean()), 4),
                "framing": crop_framing.sweep(found, truth, predict),
            }
    return {"split": split, "faces": len(chosen.truth), "with_landmarks": len(truth), "versions": versions}


def text(result: dict[str, Any]) -> str:
    """The tables for a terminal."""
    lines = []
    for version, tables in result["versions"].items():
        lines.append(f"facial_expression {version}, {tables['robustness']['title']}, n {result['faces']}")
        for row in tables["robustness"]["rows"]:
            low, high = row["interval"]
            lines.append(
                f"  {row['condition']:<38} {row['accuracy']:6.1%} ({low:.1%} to {high:.1%}), other label "
                f"{row['changed']:6.1%}, shares move {row['moved']:6.1%}, most {row['most'][0]} {row['most'][1]:+.1%}"
            )
        lines.append(
            f"  cut anew by our landmarks, n {result['with_landmarks']}; FER2013's own crops {tables['own_crops']:.1%}"
        )
        for row in tables["framing"]:
            low, high = row["interval"]
            lines.append(
                f"  margin {row['margin']:.2f}, lower by {row['lower']:+.2f}{'':14} {row['accuracy']:6.1%} "
                f"({low:.1%} to {high:.1%})"
            )
    return "\n".join(lines)
