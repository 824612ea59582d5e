"""The recognisers of one process, loaded when first asked for and shared by all sessions in it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ml import artifacts
from ml.failures import failure_sentence
from ml.modalities import MODALITIES
from ml.recognizers import RECOGNIZERS

Folders = Mapping[str, str | None]
"""Modality to the folder of the version that reads it, None where none is in service."""


class Models:
    """``recognizer`` of each modality by its version; what cannot be loaded is not tried again."""

    def __init__(self) -> None:
        self._loaded: dict[tuple[str, Path, str], Any] = {}
        self._problems: dict[tuple[str, Path, str], str] = {}

    def load(self, folders: Folders) -> "Chosen":
        """The recognisers of these versions; a modality that is not named gets the version that ships."""
        recognizers, problems = {}, {}
        for modality in MODALITIES:
            part = f"{modality.replace('_', '-')} recogniser"
            try:
                artifact = _artifact(modality, folders.get(modality, ""))
            except artifacts.ModelUnavailable as error:
                problems[modality] = failure_sentence(part, error)
                continue
            # By its hash too: a folder may get another version of the same name.
            key = (modality, artifact.folder, artifact.manifest.sha256)
            if key not in self._loaded and key not in self._problems:
                try:
                    self._loaded[key] = RECOGNIZERS[modality].load(artifact)
                except Exception as error:
                    self._problems[key] = failure_sentence(part, error)
            if key in self._loaded:
                recognizers[modality] = self._loaded[key]
            else:
                problems[modality] = self._problems[key]
        return Chosen(recognizers, problems)


class Chosen:
    """The recognisers of one session. ``problems`` says of each missing one why, ``versions`` what the others are."""

    def __init__(self, recognizers: Mapping[str, Any], problems: Mapping[str, str]) -> None:
        self.recognizers = dict(recognizers)
        self.problems = dict(problems)
        self.versions = {key: one.artifact.manifest.version for key, one in recognizers.items()}


def _artifact(modality: str, folder: str | None) -> artifacts.Artifact:
    if folder is None:
        raise artifacts.ArtifactMissing(f"No version of {modality} is in service.")
    if not folder:
        return artifacts.find(modality)
    path = Path(folder)
    return artifacts.find(modality, path.name, weights=path.parent.parent)
