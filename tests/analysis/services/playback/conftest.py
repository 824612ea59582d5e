"""Playbacks whose program does what the test decides; everything around it is real."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories.programs import FakeProgram

OBSTACLE = "Most browsers do not show its picture (HEVC)."


def made(**done: Any) -> list[dict[str, Any]]:
    """The lines of the program: a copy and a poster were made, unless ``done`` has something else."""
    return [{"progress": 0.5}, {"done": {"obstacle": OBSTACLE, "copy": "copy.mp4", "poster": "poster.jpg", **done}}]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> FakeProgram:
    fake = FakeProgram(lines=made(), files={"copy.mp4": b"a copy", "poster.jpg": b"a poster"})
    monkeypatch.setattr("ml.confinement.programs.run_confined", fake)
    return fake


@pytest.fixture
def recording(alice: Any, make_interview: Callable[..., Any]) -> Any:
    """Alice's recording, which browsers do not play."""
    return make_interview(alice, browser_obstacle=OBSTACLE).recordings.get()


@pytest.fixture
def queued(recording: Any) -> Any:
    from analysis.services import playback_request

    return playback_request(recording=recording)


@pytest.fixture
def playback(queued: Any, program: FakeProgram) -> Any:
    """One that has succeeded."""
    from analysis.services import playback_execute

    playback_execute(playback_id=queued.pk)
    queued.refresh_from_db()
    assert queued.status == "succeeded", queued.reason
    return queued
