"""Folders in which programs find and leave what lies decrypted on the disk. Each is one process's, and goes with it.

A process holds a lock on its folder, which ends with it however it ends; folders without a lock are removed.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from django.conf import settings

from interviews.services.erasing import folder_erase

FOLDER: Final = "work"


@contextmanager
def working_folder() -> Iterator[Path]:
    """A new folder on the media's own disk, so that a finished file is moved and not copied; removed at the end."""
    parent = _parent()
    with _locked(parent):  # so that nobody sweeps between making and locking it
        folder = Path(tempfile.mkdtemp(dir=parent))
        lock = os.open(folder, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        folder_erase(folder)
        os.close(lock)


def working_folders_sweep() -> int:
    """Remove the folders of processes that were killed; returns how many."""
    removed = 0
    parent = _parent()
    with _locked(parent):
        for folder in parent.iterdir():
            with suppress(BlockingIOError, FileNotFoundError), _locked(folder, flags=fcntl.LOCK_EX | fcntl.LOCK_NB):
                removed += folder_erase(folder)
    return removed


def _parent() -> Path:
    parent = Path(settings.MEDIA_ROOT) / FOLDER
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return parent


@contextmanager
def _locked(folder: Path, *, flags: int = fcntl.LOCK_EX) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, flags)
        yield
    finally:
        os.close(descriptor)
