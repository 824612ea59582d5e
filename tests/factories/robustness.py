"""Robustness whose program and analyses do what the test decides; everything around them is real."""

from pathlib import Path
from typing import Any

import pytest

from analysis.reporting.robustness import CORRUPTIONS
from tests.factories.programs import FakeProgram

WHOLE = (0.0, 0.0, 1.0, 1.0)


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> FakeProgram:
    """A program that writes an empty copy for each corruption."""
    windows = {"cropped": (0.1, 0.1, 0.9, 0.9)}
    done = [{"key": key, "file": f"{key}.mkv", "window": windows.get(key, WHOLE)} for key in CORRUPTIONS]
    fake = FakeProgram(lines=[{"progress": 0.5}, {"done": done}], files={f"{key}.mkv": b"copy" for key in CORRUPTIONS})
    monkeypatch.setattr("ml.confinement.programs.run_confined", fake)
    keys = ("facial_expression", "eye_emotion", "eye_gaze", "speech_emotion")
    monkeypatch.setattr(
        "analysis.services.robustness.execution.model_folders", lambda choices: dict.fromkeys(keys, Path("weights"))
    )
    return fake


@pytest.fixture
def requested(succeeded_run: Any, alice: Any) -> Any:
    from analysis.services import robustness_request

    return robustness_request(run=succeeded_run, by=alice)


@pytest.fixture
def measured(requested: Any, copies: FakeProgram) -> Any:
    """One that has succeeded; the copies read as the recording did."""
    from analysis.services import robustness_execute

    robustness_execute(robustness_id=requested.pk)
    requested.refresh_from_db()
    assert requested.status == "succeeded", requested.reason
    return requested
