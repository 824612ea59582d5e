"""Jobs with the programs they run replaced, unless a test says that they are the point."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import model_files


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    settings.MODEL_JOBS_DIR = tmp_path / "jobs"
    settings.TRAINING_DATA_DIR = ""


@pytest.fixture
def data(settings: Any, tmp_path: Path) -> Path:
    """A configured data folder (empty: no program here looks into it)."""
    folder = tmp_path / "data"
    folder.mkdir()
    settings.TRAINING_DATA_DIR = str(folder)
    return folder


@pytest.fixture
def receive(carol: Any) -> Callable[..., Any]:
    """``receive(content)``: Carol uploads it as a network of voices."""

    def send(content: bytes, **changes: Any) -> Any:
        from analysis.services import model_upload_receive

        asked = {
            "file": SimpleUploadedFile("../../evil name.tflite", content),
            "modality": "speech_emotion",
            "name": "A small network",
            "version": "small-v1",
            "labels": model_files.SPEECH_LABELS,
            "by": carol,
        }
        return model_upload_receive(**(asked | changes))

    return send


class FakeProgram:
    """Stands where :func:`ml.confinement.programs.run` and ``run_confined`` stand; ``script`` decides what happens."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.script: Callable[..., int] = lambda command, **options: 0

    def __call__(self, command: Sequence[Any], **options: Any) -> int:
        self.commands.append([str(part) for part in command])
        return self.script(self.commands[-1], **options)

    def option(self, name: str) -> str:
        """The value behind an option of the last command that has it."""
        command = next(command for command in reversed(self.commands) if name in command)
        return command[command.index(name) + 1]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> FakeProgram:
    fake = FakeProgram()
    monkeypatch.setattr("ml.confinement.programs.run", fake)
    monkeypatch.setattr(
        "ml.confinement.programs.run_confined",
        lambda module, arguments, **options: fake([module, *arguments], **options),
    )
    return fake
