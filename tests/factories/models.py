"""Model versions for tests: rows, and folders with a file whose sha256 is theirs."""

import hashlib
import json
from pathlib import Path
from typing import Any

from analysis.models import ModelVersion


def evaluation(*, uar: float = 0.6, n: int = 3000) -> dict[str, Any]:
    """The part of a stored evaluation that floors look at."""
    measured = {"key": "test", "title": "Test set", "n": n, "uar": uar, "accuracy": uar, "ece": 0.03}
    return {"measured": [measured], "reliability": [], "history": [], "calibration": {}, "notes": {}, "extra": {}}


def write_weights(folder: Path, modality: str, version: str, *, content: bytes = b"", **measured: Any) -> Path:
    """``folder/<modality>/<version>`` with a manifest, a file and, given ``uar`` or ``n``, an evaluation."""
    place = folder / modality / version
    place.mkdir(parents=True)
    content = content or f"{modality} {version}".encode()
    (place / "model.tflite").write_bytes(content)
    manifest = {
        "modality": modality,
        "name": f"{modality}-net",
        "version": version,
        "file": "model.tflite",
        "sha256": hashlib.sha256(content).hexdigest(),
        "kind": "network",
        "input": {"shape": [1, 48, 48, 1], "dtype": "float32", "description": "face"},
        "labels": ["a", "b"],
        "temperature": 1.0,
        "parameters": 10,
        "data": "none",
        "licence": "none",
        "protocol": "none",
        "figures": {},
        "created_at": "2026-01-01T00:00:00+00:00",
    }
    (place / "manifest.json").write_text(json.dumps(manifest))
    if measured:
        (place / "evaluation.json").write_text(json.dumps(evaluation(**measured)))
    return place


def make_version(
    weights: Path, modality: str = "facial_expression", version: str = "v1", **fields: Any
) -> ModelVersion:
    """A shipped version with whole weights in ``weights`` and an evaluation that clears every floor."""
    manifest = json.loads((write_weights(weights, modality, version) / "manifest.json").read_text())
    return ModelVersion.objects.create(
        **{
            "modality": modality,
            "name": manifest["name"],
            "version": version,
            "sha256": manifest["sha256"],
            "manifest": manifest,
            "evaluation": evaluation(),
            **fields,
        }
    )
