"""Playbacks whose program does what the test decides; everything around it is real."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from confinement.policy import Policy

OBSTACLE = "Most browsers do not show its picture (HEVC)."


@dataclass
class FakeProgram:
    """Stands where :func:`confinement.programs.run_confined` stands: writes ``files`` and says ``lines``.

    ``during`` runs in the middle of it.
    """

    files: dict[str, bytes] = field(default_factory=lambda: {"copy.mp4": b"a copy", "poster.jpg": b"a poster"})
    done: dict[str, Any] = field(
        default_factory=lambda: {"obstacle": OBSTACLE, "copy": "copy.mp4", "poster": "poster.jpg"}
    )
    refusal: str = ""
    status: int = 0
    error: Exception | None = None
    during: Callable[[Callable[[], bool]], None] | None = None
    commands: list[list[str]] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)

    def __call__(self, module, arguments, *, policy, slots, on_output, on_error, should_stop) -> int:
        self.commands.append([module, *map(str, arguments)])
        self.policies.append(policy)
        folder = Path(arguments[1])
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        on_output(json.dumps({"progress": 0.5}))
        if self.during is not None:
            self.during(should_stop)
        if self.error is not None:
            raise self.error
        if self.status == 0:
            on_output(json.dumps({"error": self.refusal} if self.refusal else {"done": self.done}))
        return self.status


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> FakeProgram:
    fake = FakeProgram()
    monkeypatch.setattr("confinement.programs.run_confined", fake)
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
