"""The stored file of a recording as a local path for a worker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from interviews.media_storage import local_path
from interviews.models import Recording
from interviews.services.working_folders import working_folder
from ml.confinement.budgets import Declared

COPIED_BYTES: Final = 8 * 1024**2
"""At once: an object store takes one request for it."""
RECORDING_MISSING: Final = "The recording's file is missing from storage. Upload it again."


class RecordingMissing(Exception):
    """The recording has a row but its file is missing."""


@contextmanager
def local_copy(file: Any) -> Iterator[Path]:
    """The stored file as a path on this machine: the file itself, or a temporary copy when storage is remote or it is
    encrypted.

    Raises :class:`RecordingMissing`, and :class:`MediaLocked`.
    """
    if not file.storage.exists(file.name):
        raise RecordingMissing
    path = local_path(file)
    if path is not None:
        yield path
        return
    with working_folder() as folder:
        path = (folder / "recording").with_suffix(Path(file.name).suffix)
        with file.storage.open(file.name, "rb") as source, path.open("xb") as copy:
            shutil.copyfileobj(source, copy, COPIED_BYTES)
        yield path


def declared_of(recording: Recording) -> Declared:
    """What the probe has found in the recording, from which the limits of the programs that read it follow."""
    return Declared(recording.width, recording.height, recording.fps, recording.duration_s, recording.size_bytes)
