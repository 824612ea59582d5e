"""The packager: from a trained network to a version in the weights folder.

:func:`package` converts the network, fits its temperature on validation, evaluates the file and writes the version.
Everything that changes a version's folder goes through :func:`replaced`.
"""

import contextlib
import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml import artifacts
from ml.artifacts import Artifact, Manifest
from ml.runtime import calibrate
from ml.training import card, convert, plots
from ml.training.calibration import fit_temperature
from ml.training.card import Section
from ml.training.checkpoint import EpochRecord
from ml.training.errors import TrainingError
from ml.training.evaluation import Evaluation, EvaluationRecord, Notes
from ml.training.loop import Selection, best_epoch, by_accuracy
from ml.training.metrics import Floats, Ints, expected_calibration_error

MODEL: Final = "model.tflite"
LARGEST_BYTES: Final = 12 * 1024 * 1024

Predict = Callable[[Floats], Floats]
"""From inputs (n, ...) to probabilities (n, outputs)."""


@dataclass(frozen=True)
class Description:
    """The part of a network's manifest that does not follow from its file."""

    modality: str
    name: str
    version: str
    input: dict[str, Any]
    labels: tuple[str, ...]
    data: str
    licence: str
    protocol: str
    preprocessing: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)

    def manifest(
        self, content: bytes, *, parameters: int, temperature: float = 1.0, figures: dict[str, Any] | None = None
    ) -> Manifest:
        """The manifest of the LiteRT file ``content``, made now."""
        return Manifest(
            **{item.name: getattr(self, item.name) for item in dataclasses.fields(self)},
            file=MODEL,
            sha256=hashlib.sha256(content).hexdigest(),
            kind="network",
            temperature=temperature,
            parameters=parameters,
            figures=figures or {},
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )


@dataclass(frozen=True)
class Trained:
    """A trained Keras ``model`` and what its version says of it.

    ``samples`` (n, ...) are real inputs, on which the converted file must agree with the model. ``validation`` gives
    class indices (n,) and uncalibrated probabilities (n, labels), for which it may use the file's predictions: the
    temperature is fitted on them. The file stores weights in ``half_precision`` or, with ``eight_bit``, as int8.
    """

    description: Description
    model: Any
    samples: Floats
    validation: Callable[[Predict], tuple[Ints, Floats]]
    history: Sequence[EpochRecord]
    notes: Notes
    half_precision: bool = False
    eight_bit: bool = False


def package(
    trained: Trained,
    evaluate: Callable[[Predict, float], Evaluation],
    *,
    weights: Path,
    kept: Mapping[str, bytes] | None = None,
    largest_bytes: int | None = LARGEST_BYTES,
) -> Artifact:
    """Convert, calibrate, evaluate and write a version.

    ``evaluate`` takes the file's calibrated predictions and the temperature. See :func:`write` for the rest. Raises
    :class:`TrainingError`.
    """
    content = convert.to_litert(
        trained.model, trained.samples, half_precision=trained.half_precision, eight_bit=trained.eight_bit
    )
    truth, raw = trained.validation(lambda inputs: convert.predict_file(content, inputs))
    temperature = fit_temperature(truth, raw)
    evaluation = evaluate(convert.served(content, temperature), temperature)
    manifest = trained.description.manifest(
        content,
        parameters=int(trained.model.count_params()),
        temperature=temperature,
        figures=evaluation.headline,
    )
    calibrated = calibrate(np.asarray(raw, dtype=np.float32), temperature)
    record = EvaluationRecord.of(
        evaluation,
        trained.notes,
        history=trained.history,
        calibration={
            "temperature": temperature,
            "ece_before": round(expected_calibration_error(truth, raw), 4),
            "ece_after": round(expected_calibration_error(truth, calibrated), 4),
        },
    )
    return write(manifest, content, record, weights=weights, kept=kept, largest_bytes=largest_bytes)


def training_facts(
    history: Sequence[EpochRecord],
    *,
    epochs: int,
    batch_size: int,
    optimizer: str,
    seed: int,
    selection: Selection = by_accuracy,
) -> dict[str, Any]:
    """The manifest's ``training`` of a single network; ``epochs`` are those of the recipe, of which ``selection`` chose
    the best."""
    return {
        "epochs_prescribed": epochs,
        "epochs_run": len(history),
        "best_epoch": best_epoch(history, selection).epoch,
        "batch_size": batch_size,
        "optimizer": optimizer,
        "seed": seed,
    }


def write(
    manifest: Manifest,
    content: bytes,
    record: EvaluationRecord,
    *,
    weights: Path,
    kept: Mapping[str, bytes] | None = None,
    largest_bytes: int | None = LARGEST_BYTES,
) -> Artifact:
    """Write file, manifest, evaluation, plots and card as ``weights/<modality>/<version>``, replacing what is there.

    ``kept`` are further files by name, from which the results can be recomputed. The first version of a modality
    becomes its default. Raises :class:`TrainingError` when the file is too large to ship (``largest_bytes`` None: it
    never ships).
    """
    if largest_bytes is not None and len(content) > largest_bytes:
        raise TrainingError(f"The file has {len(content):,} bytes; at most {largest_bytes:,} can ship.")
    folder = weights / manifest.modality / manifest.version
    with replaced(folder) as fresh:
        for name, extra in {manifest.file: content, **(kept or {})}.items():
            (fresh / name).write_bytes(extra)
        write_manifest(fresh, manifest)
        _write_evaluation(fresh, manifest, record, card.NETWORK)
    _set_default(manifest, weights)
    return artifacts.at(folder)


def save_as(artifact: Artifact, version: str, *, weights: Path) -> Artifact:
    """A copy of a finished version under another name, with its card."""
    manifest = dataclasses.replace(artifact.manifest, version=version)
    with replaced(weights / manifest.modality / version, base=artifact.folder) as fresh:
        write_manifest(fresh, manifest)
        _write_evaluation(fresh, manifest, EvaluationRecord.read(fresh), card.NETWORK)
    return artifacts.at(weights / manifest.modality / version)


def renew(
    artifact: Artifact,
    evaluation: Evaluation,
    *,
    notes: Notes | None = None,
    sections: Sequence[Section] = card.NETWORK,
) -> Artifact:
    """Write a new evaluation of a version into its place: manifest, plots and card follow it.

    With ``notes`` the stored training is replaced too: for a version that nothing was trained for. Raises ``OSError``
    when the folder is read-only.
    """
    manifest = dataclasses.replace(artifact.manifest, figures=evaluation.headline)
    if notes is None:
        record = EvaluationRecord.read(artifact.folder).renewed(evaluation)
    else:
        calibration = {"temperature": manifest.temperature}
        record = EvaluationRecord.of(evaluation, notes, history=(), calibration=calibration)
    with replaced(artifact.folder, base=artifact.folder) as fresh:
        write_manifest(fresh, manifest)
        _write_evaluation(fresh, manifest, record, sections)
    return artifacts.at(artifact.folder)


def change_manifest(artifact: Artifact, **changes: Any) -> Artifact:
    """Replace fields of a version's manifest that no plot shows; the card follows it."""
    manifest = dataclasses.replace(artifact.manifest, **changes)
    with replaced(artifact.folder, base=artifact.folder) as fresh:
        write_manifest(fresh, manifest)
        (fresh / card.FILE).write_text(card.render(manifest, EvaluationRecord.read(fresh), card.NETWORK))
    return artifacts.at(artifact.folder)


@contextlib.contextmanager
def replaced(folder: Path, *, base: Path | None = None) -> Iterator[Path]:
    """A folder to fill, with a copy of ``base`` in it, that takes the place of ``folder`` at the end.

    A reader finds the version as it was or as it is afterwards, never half of one. After an error nothing has changed.
    """
    fresh = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        if base is None:
            fresh.mkdir(parents=True)
        else:
            shutil.copytree(base, fresh)
        yield fresh
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)
    fresh.replace(folder)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    (folder / artifacts.MANIFEST).write_text(json.dumps(manifest.to_json(), indent=1) + "\n")


def _write_evaluation(folder: Path, manifest: Manifest, record: EvaluationRecord, sections: Sequence[Section]) -> None:
    record.write(folder)
    plots.draw(folder, record)
    (folder / card.FILE).write_text(card.render(manifest, record, sections))


def _set_default(manifest: Manifest, weights: Path) -> None:
    versions = artifacts.default_versions(weights=weights)
    if manifest.modality not in versions:
        versions[manifest.modality] = manifest.version
        (weights / artifacts.INDEX).write_text(json.dumps(versions, indent=1, sort_keys=True) + "\n")
