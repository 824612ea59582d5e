"""Model versions on disk: weights with a manifest (hash, input, labels, licence, metrics).

Under ``ml/weights``: ``index.json`` names the default version per modality (``{"facial_expression": "paper-v1"}``), and
each folder ``<modality>/<version>`` holds

- ``manifest.json``: the description of the file, with its sha256;
- ``model.tflite``: the network, or ``parameters.json`` for a geometric model;
- ``evaluation.json``, ``MODEL_CARD.md`` and plots: the evaluation and its description.
"""

import dataclasses
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ml.class_prior import ClassPrior
from ml.modalities import MODALITIES

WEIGHTS: Final = Path(__file__).resolve().parent / "weights"
MANIFEST: Final = "manifest.json"
INDEX: Final = "index.json"
KINDS: Final = ("network", "geometry")

_FIX: Final = "Restore the folder ml/weights from the repository, or train it with `python manage.py train_model`."
# A version names a folder: nothing in it may lead out of it.
_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class ModelUnavailable(Exception):
    """A version cannot be used; ``str(error)`` is a sentence for the user."""


class ArtifactMissing(ModelUnavailable):
    """No such version is installed; the sentence contains the fix."""


class ArtifactDamaged(ModelUnavailable):
    """What is installed is not what its manifest says."""


@dataclass(frozen=True)
class Manifest:
    """The manifest of one version.

    ``file`` stands beside the manifest; ``input`` has the keys shape, dtype and description; ``labels`` name the
    outputs in order (a network may have more outputs than labels: those beyond are not used); ``temperature`` divides
    the log-probabilities (1 = as they come out); ``parameters`` counts the trained numbers; ``preprocessing`` holds
    what the preprocessing needs; ``figures`` are the few headline figures, shares in 0..1, each key saying the
    protocol; ``neutral`` are the typical probabilities of neutral samples, in the order of the labels (empty where
    that was not measured; see :mod:`ml.training.commands.neutral_prior`); ``class_prior`` is None where no correction
    for it is known.
    """

    modality: str
    name: str
    version: str
    file: str
    sha256: str
    kind: str
    input: dict[str, Any]
    labels: tuple[str, ...]
    temperature: float
    parameters: int
    data: str
    licence: str
    protocol: str
    figures: dict[str, Any]
    created_at: str
    preprocessing: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    neutral: tuple[float, ...] = ()
    class_prior: ClassPrior | None = None

    def to_json(self) -> dict[str, Any]:
        prior = self.class_prior.to_json() if self.class_prior is not None else None
        lists = {"labels": list(self.labels), "neutral": list(self.neutral)}
        return dataclasses.asdict(self) | lists | {"class_prior": prior}

    @classmethod
    def from_json(cls, data: Any) -> "Manifest":
        """Raises ``ValueError`` with a phrase that names what is wrong."""
        if not isinstance(data, dict):
            raise ValueError("it is not an object")
        fields = {f.name: f for f in dataclasses.fields(cls)}
        unknown = sorted(data.keys() - fields.keys())
        missing_value = dataclasses.MISSING
        required = {n for n, f in fields.items() if f.default is missing_value and f.default_factory is missing_value}
        missing = sorted(required - data.keys())
        if unknown or missing:
            raise ValueError(f"unknown keys {unknown}" if unknown else f"missing keys {missing}")
        prior = ClassPrior.from_json(data["class_prior"]) if data.get("class_prior") is not None else None
        tuples = {"labels": tuple(data["labels"]), "neutral": tuple(data.get("neutral", ()))}
        manifest = cls(**data | tuples | {"class_prior": prior})
        if manifest.kind not in KINDS:
            raise ValueError(f"kind {manifest.kind!r} is not one of {KINDS}")
        if Path(manifest.file).name != manifest.file:
            raise ValueError(f"file {manifest.file!r} is not a plain name")
        if len(manifest.neutral) not in (0, len(manifest.labels)):
            raise ValueError("neutral does not have one number per label")
        if prior is not None and {len(prior.training), len(prior.use)} != {len(manifest.labels)}:
            raise ValueError("class_prior does not have one number per label")
        return manifest


@dataclass(frozen=True)
class Artifact:
    """One installed version: its folder and its manifest."""

    folder: Path
    manifest: Manifest

    @property
    def path(self) -> Path:
        """The file that is loaded."""
        return self.folder / self.manifest.file


def find(modality: str, version: str | None = None, *, weights: Path = WEIGHTS) -> Artifact:
    """The installed version of a modality, by default the one that ``index.json`` names.

    Reads the manifest only; :func:`verify` (or loading) checks the file. Raises :class:`ArtifactMissing` or
    :class:`ArtifactDamaged`.
    """
    if modality not in MODALITIES:
        raise ArtifactMissing(f"There is no modality '{modality}'; there are {', '.join(MODALITIES)}.")
    if version is None:
        version = default_versions(weights=weights).get(modality)
        if version is None:
            raise ArtifactMissing(f"No version of {modality} is installed. {_FIX}")
    if not _VERSION.fullmatch(version):
        raise ArtifactMissing(f"'{version}' is not the name of a version.")
    folder = weights / modality / version
    if not (folder / MANIFEST).is_file():
        others = ", ".join(a.manifest.version for a in installed(weights=weights) if a.manifest.modality == modality)
        there = f"Installed: {others}." if others else "None is installed."
        raise ArtifactMissing(f"Version '{version}' of {modality} is not installed. {there} {_FIX}")
    return _read(folder)


def at(folder: Path) -> Artifact:
    """The version in a folder ``…/<modality>/<version>``, wherever that lies; reads the manifest only.

    Raises :class:`ArtifactDamaged`.
    """
    return _read(folder)


def verify(artifact: Artifact) -> None:
    """Check that the file exists and has the manifest's sha256; raises :class:`ArtifactDamaged`."""
    manifest = artifact.manifest
    which = f"{manifest.modality} {manifest.version}"
    if not artifact.path.is_file():
        raise ArtifactDamaged(f"The file {manifest.file} of {which} is missing. {_FIX}")
    found = sha256_of(artifact.path)
    if found != manifest.sha256:
        raise ArtifactDamaged(
            f"The file {manifest.file} of {which} is damaged: its sha256 is {found[:12]}…, "
            f"its manifest says {manifest.sha256[:12]}…. {_FIX}"
        )


def installed(*, weights: Path = WEIGHTS) -> list[Artifact]:
    """Every version with a readable manifest, by modality and version; raises :class:`ArtifactDamaged`."""
    return [_read(path.parent) for path in sorted(weights.glob(f"*/*/{MANIFEST}"))]


def default_versions(*, weights: Path = WEIGHTS) -> dict[str, str]:
    """The default version per modality; empty when nothing is installed."""
    path = weights / INDEX
    if not path.is_file():
        return {}
    try:
        versions = json.loads(path.read_text())
        return {str(modality): str(version) for modality, version in versions.items()}
    except (ValueError, AttributeError) as error:
        raise ArtifactDamaged(f"{INDEX} of the weights cannot be read ({error}). {_FIX}") from error


def sha256_of(path: Path) -> str:
    """Hex sha256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read(folder: Path) -> Artifact:
    where = f"{folder.parent.name}/{folder.name}"
    try:
        manifest = Manifest.from_json(json.loads((folder / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise ArtifactDamaged(f"The manifest of {where} cannot be read: {error}. {_FIX}") from error
    if (manifest.modality, manifest.version) != (folder.parent.name, folder.name):
        raise ArtifactDamaged(f"The manifest in {where} describes {manifest.modality} {manifest.version}. {_FIX}")
    return Artifact(folder=folder, manifest=manifest)
