"""Runs ``python -m ml.transcript``, confined. A crash of native code on untrusted sound ends only that program, its
memory is freed when it ends, and its lower priority leaves the processor to analyses."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from analysis.services.attempts.outcomes import ProgramFailed
from confinement import budgets, programs
from confinement.budgets import Declared
from confinement.policy import Policy

logger = logging.getLogger(__name__)


def transcribe_confined(
    path: Path,
    *,
    declared: Declared,
    is_english: bool,
    progress: Callable[[float], None],
    should_stop: Callable[[], bool],
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The program's sentences, and the values for the whole recording (``done`` of :mod:`ml.transcript.__main__`).

    Raises :class:`ProgramFailed`, and the exceptions of :func:`confinement.programs.run_confined`.
    """
    sentences: list[dict[str, Any]] = []
    made: dict[str, Any] = {}

    def on_output_line(line: str) -> None:
        event = json.loads(line)
        if "progress" in event:
            progress(event["progress"])
        elif "sentence" in event:
            sentences.append(event["sentence"])
        else:
            made.update(event)

    arguments: list[str | Path] = [path.absolute(), "--duration", str(declared.duration_s)]
    arguments += ["--threads", str(settings.TRANSCRIPT_THREADS)]
    if is_english:
        arguments.append("--english")
    with tempfile.TemporaryDirectory(prefix="candor-transcript-") as folder:
        status = programs.run_confined(
            "ml.transcript",
            arguments,
            policy=Policy.of(budgets.transcript(declared), readable=[path], writable=[Path(folder)]),
            slots=settings.CONFINED_SLOTS,
            on_output=on_output_line,
            on_error=lambda line: logger.warning("%s: %s", path.name, line),
            should_stop=should_stop,
        )
    if "error" in made:
        raise ProgramFailed(made["error"])
    if "done" not in made:
        raise programs.ProgramKilled("ml.transcript", status)
    done: dict[str, Any] = made["done"]
    return sentences, done
