"""Moving finished files into the storage: whole, or not at all."""

from pathlib import Path

from django.core.files import File
from django.core.files.storage import Storage


class _Movable(File):  # type: ignore[type-arg]  # Django's class takes none at run time
    """A file that a storage on the same disk takes over by renaming it, instead of copying gigabytes."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def file_store(path: Path, *, storage: Storage, name: str) -> None:
    """Store the file at ``path`` under ``name``, which is free. A remote storage copies it. After an error nothing of
    it is left in the storage."""
    try:
        with path.open("rb") as file:
            storage.save(name, _Movable(file, name=str(path)))
    except BaseException:
        storage.delete(name)
        raise
