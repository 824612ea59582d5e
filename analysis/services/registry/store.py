"""Storage and verification of weights.

Weights are used only after their sha256, and the decisive fields of their manifest, were compared with the row.

Shipped versions are read from ``WEIGHTS_DIR``. The files of uploaded and trained ones (``manifest.json``, the network,
its evaluation, card and pictures) are in media storage, below ``models/<modality>/<version>/``; where that storage is
not a folder of this machine, they are copied once into ``MODEL_CACHE_DIR/<sha256>/``.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone

from analysis.models import ModelVersion
from analysis.selectors.model_versions import Choice
from analysis.services.errors import WeightsUnavailable

logger = logging.getLogger(__name__)

FOLDER: Final = "models"
MANIFEST: Final = "manifest.json"
_DECISIVE: Final[dict[str, Any]] = {
    "kind": "", "file": "", "input": {}, "labels": [], "temperature": None, "preprocessing": {}, "neutral": [],
    "class_prior": None,
}  # fmt: skip
"""The fields of a manifest that change the numbers of a report, with their defaults.

They are compared besides the sha256, which covers the network alone: the same network with other labels gives other
results.
"""


def model_folders(choices: Mapping[str, Choice]) -> dict[str, Path]:
    """Modality to a local folder with the verified weights of its primary version.

    A modality whose weights are missing or changed is absent, so only that modality is out of service. The problem is
    stored on the version's row, and shown by the administration and the health page.
    """
    return _folders({modality: choice.primary for modality, choice in choices.items()})


def shadow_folders(choices: Mapping[str, Choice]) -> dict[str, Path]:
    """:func:`model_folders` of the shadow versions, for modalities that have one."""
    return _folders({modality: choice.shadow for modality, choice in choices.items() if choice.shadow is not None})


def weights_verify(*, version: ModelVersion) -> str:
    """Verify the weights, store the outcome on the row, and return the problem as a sentence; empty without one."""
    try:
        weights_folder(version=version)
        problem = ""
    except WeightsUnavailable as error:
        problem = str(error)
        if version.problem != problem:
            logger.error("%s", problem)
    version.problem, version.checked_at = problem, timezone.now()
    ModelVersion.objects.filter(pk=version.pk).update(problem=problem, checked_at=version.checked_at)
    return problem


def weights_folder(*, version: ModelVersion) -> Path:
    """A local folder with the verified weights of a version; raises :class:`WeightsUnavailable`."""
    folder = _stored_folder(version)
    if folder is None:
        folder = _cached_folder(version)
    _verify(version, folder)
    return folder


def weights_store(*, version: ModelVersion, folder: Path) -> None:
    """Store the files of ``folder`` as the weights of an uploaded or trained version; all of them or none."""
    weights_delete(version=version)  # files of an interrupted attempt
    try:
        for path in sorted(folder.iterdir()):
            if path.is_file():
                with path.open("rb") as file:
                    default_storage.save(f"{_storage_folder(version)}/{path.name}", File(file))
    except BaseException:
        weights_delete(version=version)
        raise


def weights_delete(*, version: ModelVersion) -> None:
    """Remove the stored files of an uploaded or trained version."""
    folder = _storage_folder(version)
    try:
        _, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for file in files:
        default_storage.delete(f"{folder}/{file}")
    default_storage.delete(folder)


def _folders(versions: Mapping[str, ModelVersion]) -> dict[str, Path]:
    folders = {}
    for modality, version in versions.items():
        if not weights_verify(version=version):
            folders[modality] = weights_folder(version=version)
    return folders


def _storage_folder(version: ModelVersion) -> str:
    return f"{FOLDER}/{version.modality}/{version.version}"


def _stored_folder(version: ModelVersion) -> Path | None:
    """The folder of the files on this machine; None when storage is remote."""
    if version.source == ModelVersion.Source.SHIPPED:
        return Path(settings.WEIGHTS_DIR) / version.modality / version.version
    try:
        return Path(default_storage.path(_storage_folder(version)))
    except NotImplementedError:
        return None


def _cached_folder(version: ModelVersion) -> Path:
    """The local copy, fetched from storage unless an intact one exists.

    Two processes may fetch at once: each writes to a temporary folder, and the first to finish renames its own.
    """
    folder = Path(settings.MODEL_CACHE_DIR) / version.sha256 / version.modality / version.version
    try:
        _verify(version, folder)
        return folder
    except WeightsUnavailable:
        shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fetched = Path(tempfile.mkdtemp(dir=folder.parent, prefix="."))
    try:
        _, files = default_storage.listdir(_storage_folder(version))
        for name in files:
            with (
                default_storage.open(f"{_storage_folder(version)}/{name}") as source,
                (fetched / name).open("wb") as to,
            ):
                shutil.copyfileobj(source, to, 1024 * 1024)
        if not folder.exists():
            fetched.rename(folder)
    except OSError as error:
        logger.warning("the weights of %s could not be fetched from storage", version, exc_info=error)
    finally:
        shutil.rmtree(fetched, ignore_errors=True)
    return folder


def _verify(version: ModelVersion, folder: Path) -> None:
    which = f"{version.get_modality_display()} {version.version}"
    manifest = _read_manifest(folder)
    if manifest is None:
        raise WeightsUnavailable(f"The manifest of {which} is missing or cannot be read. {_fix(version)}")
    path = folder / Path(str(manifest.get("file", ""))).name
    if not path.is_file():
        raise WeightsUnavailable(f"The file {path.name} of {which} is missing. {_fix(version)}")
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise WeightsUnavailable(
            f"The file {path.name} of {which} cannot be read ({error.strerror}). {_fix(version)}"
        ) from error
    if found != version.sha256 or manifest.get("sha256") != version.sha256:
        raise WeightsUnavailable(
            f"The file {path.name} of {which} was changed: its sha256 begins with {found[:12]}, registered is "
            f"{version.sha256[:12]}. {_fix(version)}"
        )
    changed = [key for key, none in _DECISIVE.items() if manifest.get(key, none) != version.manifest.get(key, none)]
    if changed:
        raise WeightsUnavailable(
            f"The manifest of {which} was changed: its {changed[0]} is not what was registered. {_fix(version)}"
        )


def _read_manifest(folder: Path) -> dict[str, Any] | None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) else None


def _fix(version: ModelVersion) -> str:
    if version.source == ModelVersion.Source.SHIPPED:
        return "Restore the folder ml/weights from the repository, or put another version in service."
    return "Restore the file in media storage from a backup, or put another version in service."
