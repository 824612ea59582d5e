"""The stored file of a recording, where a worker can read it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

RECORDING_MISSING: Final = "The recording's file is missing from storage. Upload it again."


class RecordingMissing(Exception):
    """The row is there, its file is not."""


@contextmanager
def local_copy(file: Any) -> Iterator[Path]:
    """The stored file as a path on this machine: itself, or a temporary copy when storage is elsewhere.

    Raises :class:`RecordingMissing`.
    """
    if not file.storage.exists(file.name):
        raise RecordingMissing
    try:
        path = Path(file.path)
    except NotImplementedError:
        path = None
    if path is not None:
        yield path
        return
    with tempfile.NamedTemporaryFile(suffix=Path(file.name).suffix) as copy:
        with file.open("rb") as source:
            shutil.copyfileobj(source, copy, 1024 * 1024)
        copy.flush()
        yield Path(copy.name)
