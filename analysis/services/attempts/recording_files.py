"""The stored file of a recording as a local path for a worker."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from interviews.models import Recording
from ml.confinement.budgets import Declared

RECORDING_MISSING: Final = "The recording's file is missing from storage. Upload it again."


class RecordingMissing(Exception):
    """The recording has a row but its file is missing."""


@contextmanager
def local_copy(file: Any) -> Iterator[Path]:
    """The stored file as a path on this machine: the file itself, or a temporary copy when storage is remote.

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


def declared_of(recording: Recording) -> Declared:
    """What the probe has found in the recording, from which the limits of the programs that read it follow."""
    return Declared(recording.width, recording.height, recording.fps, recording.duration_s, recording.size_bytes)
