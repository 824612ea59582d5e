"""The recognisers of one process: each version is loaded once, on first use, and shared by all sessions."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from ml import artifacts
from ml.failures import recognizer_failure
from ml.modalities import MODALITIES
from ml.recognizers import RECOGNIZERS

NOT_ALLOWED: Final = "Left out: the rules for this interview do not allow it."

Folders = Mapping[str, str | None]
"""Modality to the folder of the version in service, ``None`` if none is."""


class SessionRecognizers:
    """The recognisers of one session by modality. ``problems`` gives the reason for each missing one as a sentence,
    ``versions`` the name of each loaded version."""

    def __init__(self, recognizers: Mapping[str, Any], problems: Mapping[str, str]) -> None:
        self.recognizers = dict(recognizers)
        self.problems = dict(problems)
        self.versions = {key: one.artifact.manifest.version for key, one in recognizers.items()}


class RecognizerCache:
    """Loaded recognisers by version. A version that failed to load is not tried again."""

    def __init__(self) -> None:
        self._loaded: dict[tuple[str, Path, str], Any] = {}
        self._problems: dict[tuple[str, Path, str], str] = {}

    def load(self, folders: Folders, *, modalities: Collection[str] = MODALITIES) -> SessionRecognizers:
        """The recognisers of these versions. A modality that is not in ``folders`` gets the shipped default, and one
        that is not in ``modalities`` none."""
        recognizers, problems = {}, dict.fromkeys([key for key in MODALITIES if key not in modalities], NOT_ALLOWED)
        for modality in (key for key in MODALITIES if key in modalities):
            try:
                artifact = _artifact(modality, folders.get(modality, ""))
            except artifacts.ModelUnavailable as error:
                problems[modality] = recognizer_failure(modality, error)
                continue
            # The hash is part of the key, because a folder may get another version of the same name.
            key = (modality, artifact.folder, artifact.manifest.sha256)
            if key not in self._loaded and key not in self._problems:
                try:
                    self._loaded[key] = RECOGNIZERS[modality].load(artifact)
                except Exception as error:
                    self._problems[key] = recognizer_failure(modality, error)
            if key in self._loaded:
                recognizers[modality] = self._loaded[key]
            else:
                problems[modality] = self._problems[key]
        return SessionRecognizers(recognizers, problems)


def _artifact(modality: str, folder: str | None) -> artifacts.Artifact:
    if folder is None:
        raise artifacts.ArtifactMissing(f"No version of {modality} is in service.")
    if not folder:
        return artifacts.find(modality)
    path = Path(folder)
    return artifacts.find(modality, path.name, weights=path.parent.parent)
