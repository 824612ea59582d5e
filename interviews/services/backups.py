"""One file with everything an installation keeps: its rows and its media. It is as confidential as they are.

A tar archive: ``manifest.json`` (format, migrations, counts, hash of the rows), ``rows.jsonl`` (every row, as Django
serializes it, so that SQLite and PostgreSQL read each other's) and ``media/``. Media in an object store are not in it.
"""

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core import serializers
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.utils import timezone

from interviews.errors import Refusal
from interviews.models import Interview, Recording, User
from interviews.services.working_folders import FOLDER as WORK

FORMAT: Final = 1
MANIFEST, ROWS, MEDIA = "manifest.json", "rows.jsonl", "media"
LEFT_OUT: Final = ("uploads", WORK)
"""Folders of what is only on its way."""
EXCLUDED: Final = frozenset({"sessions", "contenttypes", "auth.permission", "admin", "axes"})
"""Apps and a model whose rows are made anew, or that nobody needs after a restore: browsers are logged out by it."""


class _Exact(DjangoJSONEncoder):
    """Django's own cuts moments to milliseconds, and the hashes of the audit log are of microseconds."""

    def default(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime | time) else super().default(value)


def backup_write(path: Path) -> dict[str, Any]:
    """Write a backup to ``path``, whole or not at all; returns its manifest. Raises :class:`Refusal` where there is a
    file already."""
    if path.exists():
        raise Refusal("exists", f"{path} is there already, and backups overwrite nothing.")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        rows, unfinished = Path(folder) / ROWS, Path(folder) / "unfinished.tar"
        manifest = _rows_write(rows)
        unfinished.touch(mode=0o600)
        with tarfile.open(unfinished, mode="w", format=tarfile.PAX_FORMAT) as archive:
            manifest["files"] = sum(_add(archive, source, name) for source, name in _media_files())
            archive.add(rows, ROWS)
            _add_text(archive, MANIFEST, json.dumps(manifest, indent=2))
        unfinished.replace(path)
    return manifest


def backup_restore(path: Path) -> dict[str, Any]:
    """Replace the rows of this installation, which has no accounts yet, by those of a backup, and add its media.

    Raises :class:`Refusal` where there are accounts, for another version of Candor and for a damaged file.
    """
    if User.objects.exists():
        raise Refusal("in_use", "This installation has accounts. Restore into a new one.")
    try:
        with tarfile.open(path) as archive, tempfile.TemporaryDirectory(prefix="candor-restore-") as folder:
            manifest: dict[str, Any] = json.loads(_read(archive, MANIFEST))
            _check(manifest)
            archive.extract(ROWS, folder, filter="data")
            rows = Path(folder) / ROWS
            with rows.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != manifest["rows_sha256"]:
                    raise Refusal("damaged", "The rows of this backup were damaged.")
            call_command("flush", interactive=False, verbosity=0)  # what `prepare` has made
            call_command("loaddata", str(rows), verbosity=0)
            _media_extract(archive)
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise Refusal("damaged", f"{path} is no backup that can be read: {error}") from error
    return manifest


def _rows_write(path: Path) -> dict[str, Any]:
    """Every row as it was at one moment."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with path.open("x", encoding="utf-8") as file:
            serializers.serialize("jsonl", _rows(), stream=file, use_natural_foreign_keys=True, cls=_Exact)
        counts = {"interviews": Interview.objects.count(), "recordings": Recording.objects.count()}
    path.chmod(0o600)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "migrations": _migrations(),
        "rows_sha256": sha256,
        "media": _location() is not None,
        **counts,
    }


def _rows() -> Iterator[Model]:
    """Every row of every table, in an order in which they can be loaded."""
    tables = {app: list(app.get_models()) for app in apps.get_app_configs() if app.label not in EXCLUDED}
    for model in serializers.sort_dependencies(tables.items(), allow_cycles=True):
        if not model._meta.proxy and model._meta.label_lower not in EXCLUDED:
            yield from model._base_manager.order_by("pk").iterator()


def _migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _check(manifest: dict[str, Any]) -> None:
    if manifest["format"] != FORMAT:
        raise Refusal("format", f"This backup has format {manifest['format']}; this version reads {FORMAT}.")
    if manifest["migrations"] != _migrations():
        raise Refusal(
            "version", "This backup is of another version of Candor. Install that one, restore, and upgrade then."
        )


def _location() -> Path | None:
    """The folder of the media; None where they are in an object store."""
    location = getattr(default_storage, "base_location", None)
    return Path(location) if location is not None else None


def _media_files() -> Iterator[tuple[Path, str]]:
    root = _location()
    if root is None:
        return
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if path.is_file() and not path.is_symlink() and inside.parts[0] not in LEFT_OUT:
            yield path, f"{MEDIA}/{inside}"


def _media_extract(archive: tarfile.TarFile) -> None:
    root = _location()
    for member in archive:
        if root is None or not member.isfile() or not member.name.startswith(f"{MEDIA}/"):
            continue
        member.name = member.name.removeprefix(f"{MEDIA}/")
        archive.extract(member, root, filter="data")


def _add(archive: tarfile.TarFile, source: Path, name: str) -> int:
    try:
        archive.add(source, name, recursive=False)
    except FileNotFoundError:
        return 0  # erased meanwhile
    return 1


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise Refusal("damaged", f"This backup has no {name}.")
    return file.read()
