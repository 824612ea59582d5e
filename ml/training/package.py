"""Writing a finished version into the weights folder."""

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ml import artifacts
from ml.artifacts import Artifact, Manifest
from ml.training import card, plots
from ml.training.errors import TrainingError
from ml.training.evaluation import Evaluation, EvaluationRecord, renewed

MODEL: Final = "model.tflite"
LARGEST_BYTES: Final = 12 * 1024 * 1024


def created_at() -> str:
    """Now, for a manifest: UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write(
    manifest: Manifest,
    content: bytes,
    stored: EvaluationRecord,
    *,
    weights: Path,
    kept: Mapping[str, bytes] | None = None,
    largest_bytes: int | None = LARGEST_BYTES,
) -> Artifact:
    """Write file, manifest, figures, pictures and card as ``weights/<modality>/<version>``, replacing what is there.

    ``kept`` are further files by name: what the figures can be recomputed from. The first version of a modality
    becomes its default. Raises :class:`TrainingError` when the file is too large to ship (``largest_bytes`` None: it
    never ships).
    """
    if largest_bytes is not None and len(content) > largest_bytes:
        raise TrainingError(f"The file has {len(content):,} bytes; at most {largest_bytes:,} can ship.")
    folder = weights / manifest.modality / manifest.version
    # Built beside its place and moved in whole: a reader never finds half a version.
    fresh = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    (fresh / manifest.file).write_bytes(content)
    (fresh / artifacts.MANIFEST).write_text(json.dumps(manifest.to_json(), indent=1) + "\n")
    for name, extra in (kept or {}).items():
        (fresh / name).write_bytes(extra)
    stored.write(fresh)
    plots.draw(fresh, stored)
    (fresh / card.FILE).write_text(card.render(manifest, stored))
    shutil.rmtree(folder, ignore_errors=True)
    fresh.replace(folder)
    _set_default(manifest, weights)
    return artifacts.find(manifest.modality, manifest.version, weights=weights)


def save_as(artifact: Artifact, version: str, *, weights: Path) -> Artifact:
    """A copy of a finished version under another name, with its card."""
    manifest = dataclasses.replace(artifact.manifest, version=version)
    return rewrite(artifact, manifest, EvaluationRecord.read(artifact.folder), weights / manifest.modality / version)


def renew(artifact: Artifact, figures: Evaluation) -> Artifact:
    """The same version in the same place with its figures measured anew: manifest, pictures and card follow them."""
    manifest = dataclasses.replace(artifact.manifest, figures=figures.headline)
    return rewrite(artifact, manifest, renewed(EvaluationRecord.read(artifact.folder), figures), artifact.folder)


def rewrite(
    artifact: Artifact,
    manifest: Manifest,
    stored: EvaluationRecord,
    folder: Path,
    *,
    render: Callable[[Manifest, EvaluationRecord], str] = card.render,
) -> Artifact:
    """The version's file in ``folder`` with this manifest and evaluation. Plots and card are written anew, the card by
    ``render``. Replaces what is there as a whole: a reader never finds half a version."""
    fresh = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(artifact.folder, fresh)
    (fresh / artifacts.MANIFEST).write_text(json.dumps(manifest.to_json(), indent=1) + "\n")
    stored.write(fresh)
    plots.draw(fresh, stored)
    (fresh / card.FILE).write_text(render(manifest, stored))
    shutil.rmtree(folder, ignore_errors=True)
    fresh.replace(folder)
    return artifacts.at(folder)


def _set_default(manifest: Manifest, weights: Path) -> None:
    versions = artifacts.default_versions(weights=weights)
    if manifest.modality not in versions:
        versions[manifest.modality] = manifest.version
        (weights / artifacts.INDEX).write_text(json.dumps(versions, indent=1, sort_keys=True) + "\n")
