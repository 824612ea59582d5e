"""Confined programs that do what a test decides; everything around them is real."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ml.confinement.policy import Policy


@dataclass
class FakeProgram:
    """Stands where :func:`ml.confinement.programs.run_confined` stands: writes ``files`` into the folder that is its
    second argument, and prints ``lines``. ``during`` runs after the first line, ``error`` is raised then."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    status: int = 0
    error: Exception | None = None
    during: Callable[[Callable[[], bool]], None] | None = None
    commands: list[list[str]] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)

    def __call__(self, module, arguments, *, policy, slots, on_output, on_error, should_stop, request=b"") -> int:
        self.requests.append(request)
        self.commands.append([module, *map(str, arguments)])
        self.policies.append(policy)
        for name, content in self.files.items():
            (Path(arguments[1]) / name).write_bytes(content)
        for line in self.lines[:1]:
            on_output(json.dumps(line))
        if self.during is not None:
            self.during(should_stop)
        if self.error is not None:
            raise self.error
        for line in self.lines[1:]:
            on_output(json.dumps(line))
        return self.status
