"""The first look at an uploaded network: what it claims to be, checked without running or loading anything of it."""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ml.imports import archive, config, litert, weights
from ml.imports.archive import Archive
from ml.imports.errors import ImportRefused
from ml.recognizers import NETWORKS, RECOGNIZERS, RecognizerSpec

KERAS: Final = "keras"
LITERT: Final = "tflite"
LARGEST_BYTES: Final = 128 * 1024**2

_ZIP: Final = b"PK"
_HEAD_BYTES: Final = 512


@dataclass(frozen=True, slots=True)
class Inspection:
    """``kind`` is ``keras`` or ``tflite``; ``labels`` name the outputs in order; ``sha256`` is the upload's own.

    ``config`` describes the network of a ``.keras`` file, without what it was compiled with; it is empty for the other
    kind. ``parameters`` counts the constants in the file.
    """

    kind: str
    labels: tuple[str, ...]
    sha256: str
    size_bytes: int
    parameters: int
    config: dict[str, Any]


def inspect_upload(path: Path, *, modality: str, labels: Sequence[str]) -> Inspection:
    """Check a file of unknown origin; raises :class:`ImportRefused`, and nothing else, for every other content.

    It reads HDF5 with native code: call it in a process that may die (:mod:`ml.imports.convert` does).
    """
    check_modality(modality)
    ordered = check_labels(RECOGNIZERS[modality], labels)
    size = path.stat().st_size
    if size == 0:
        raise ImportRefused("This file is empty (0 bytes). Choose the model again.")
    if size > LARGEST_BYTES:
        raise ImportRefused(f"This file has {size / 1024**2:,.0f} MB; a model may have {LARGEST_BYTES // 1024**2} MB.")
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    kind = kind_of(head)
    described: dict[str, Any] = {}
    if kind == LITERT:
        _, parameters = litert.rewritten(path.read_bytes())
    else:
        described, parameters = _inspect_keras(path)
    return Inspection(kind, ordered, sha256, size, parameters, described)


def check_modality(modality: str) -> None:
    """Raises :class:`ImportRefused` for a modality whose recogniser is no network."""
    if modality in NETWORKS:
        return
    if modality in RECOGNIZERS:
        raise ImportRefused("Eye gaze is computed from geometry: it has no network, so there is nothing to upload.")
    raise ImportRefused(f"There is no modality '{modality}'; networks belong to {', '.join(NETWORKS)}.")


def check_labels(recognizer: RecognizerSpec, labels: Sequence[str]) -> tuple[str, ...]:
    """The labels as given, when they are those of the recogniser in any order, with or without its optional ones;
    raises :class:`ImportRefused`."""
    expected = [label for label in recognizer.labels if label in labels or label not in recognizer.optional_labels]
    if sorted(labels) != sorted(expected):
        without = f" ({', '.join(recognizer.optional_labels)} may be missing)" if recognizer.optional_labels else ""
        raise ImportRefused(
            f"The labels must be the {len(recognizer.labels)} of this modality, each once, in the order of the"
            f" network's outputs: {', '.join(recognizer.labels)}{without}."
        )
    return tuple(labels)


def kind_of(head: bytes) -> str:
    """``keras`` or ``tflite``, from the first bytes of a file; raises :class:`ImportRefused` for everything else."""
    if head[4:8] == litert.IDENTIFIER:
        return LITERT
    if head.startswith(_ZIP):
        return KERAS
    if head.startswith(weights.SIGNATURE):
        raise ImportRefused(
            "This is a model in Keras's old HDF5 format (.h5), which may carry code. Save it as .keras with Keras 3."
        )
    if head[:1] == b"\x80" and head[1:2] in b"\x01\x02\x03\x04\x05":
        raise ImportRefused(
            "This is a Python pickle, as PyTorch and scikit-learn write them. Loading one would run the code in it, so"
            " Candor never does. Send a .keras or .tflite file."
        )
    if _is_text(head):
        raise ImportRefused("This is a text file, not a model. Send a .keras or .tflite file.")
    raise ImportRefused("This is not a model that Candor can read. Send a .keras or .tflite file.")


def _is_text(head: bytes) -> bool:
    return b"\0" not in head and all(byte >= 0x20 or byte in b"\t\n\r\f" for byte in head)


def _inspect_keras(path: Path) -> tuple[dict[str, Any], int]:
    content = Archive(path)
    if not isinstance(config.parse_json(content.read(archive.METADATA)), dict):
        raise ImportRefused("The metadata of this .keras file are not Keras's. Save the model again.")
    described = config.parse(content.read(archive.CONFIG))
    with tempfile.TemporaryDirectory(prefix="candor-import-") as folder:
        unpacked = Path(folder) / archive.WEIGHTS
        content.copy(archive.WEIGHTS, unpacked)
        return described, weights.check(unpacked)
