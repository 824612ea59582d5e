"""The encoder's weights, read from CTranslate2's model file.

The file is plain: format version, name and revision of the model's specification, then for each variable its name,
rank, dimensions, type and bytes (CTranslate2 ``python/ctranslate2/specs/model_spec.py``).
"""

import struct
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from ml import whisper
from ml.arrays import Float32

_TYPES: Final = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
_PREFIX: Final = "encoder/"


def load() -> dict[str, Float32]:
    """The verified encoder variables as float32, by name without ``encoder/``; raises ``WhisperMissing``."""
    return read(whisper.verified_folder() / whisper.WEIGHTS)


def read(path: Path) -> dict[str, Float32]:
    """The encoder variables of a CTranslate2 file; raises ``ValueError`` for a file that ends too early."""
    reader = _Reader(path.read_bytes())
    reader.number("I")  # format version
    reader.text()  # name of the specification
    reader.number("I")  # its revision
    found: dict[str, Float32] = {}
    for _ in range(reader.number("I")):
        name, values = reader.variable()
        if name.startswith(_PREFIX):
            found[name.removeprefix(_PREFIX)] = values.astype(np.float32)
    return found


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def number(self, kind: str) -> int:
        size = struct.calcsize(f"<{kind}")
        return int(struct.unpack(f"<{kind}", self._take(size))[0])

    def text(self) -> str:
        return self._take(self.number("H")).rstrip(b"\0").decode()

    def variable(self) -> tuple[str, npt.NDArray[np.generic]]:
        name = self.text()
        shape = [self.number("I") for _ in range(self.number("B"))]
        kind = _TYPES[self.number("B")]
        return name, np.frombuffer(self._take(self.number("I")), kind).reshape(shape)

    def _take(self, size: int) -> bytes:
        piece = self._content[self._at : self._at + size]
        if len(piece) != size:
            raise ValueError("The model file ends too early.")
        self._at += size
        return piece
