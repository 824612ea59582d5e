"""Python inside a running installation. One process serves all scripts, since Django's start takes seconds."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]


class Shell:
    """``shell(script)`` executes a script in the installation that ``environment`` describes."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", __name__]
        settings = {"DJANGO_SETTINGS_MODULE": "interviewplatform.settings", **environment}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, env=settings, stdin=pipe, stdout=pipe, text=True)

    def __call__(self, script: str) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(script), file=self._process.stdin, flush=True)
        error = json.loads(self._process.stdout.readline())
        assert not error, error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.communicate()


def main() -> None:
    """Answer every line of input, a script as JSON, with its traceback as JSON, empty where it succeeded."""
    import traceback

    import django

    django.setup()
    for line in sys.stdin:
        error = ""
        try:
            exec(json.loads(line), {})
        except Exception:
            error = traceback.format_exc()
        print(json.dumps(error), flush=True)


if __name__ == "__main__":
    main()
