"""Runs ``python -m ml.transcript``, confined. A crash of native code on untrusted sound ends only that program, its
memory is freed when it ends, and its lower priority leaves the processor to analyses."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
from django.conf import settings

from analysis.services.attempts.outcomes import ProgramFailed
from ml.confinement import budgets, programs
from ml.confinement.budgets import Declared
from ml.confinement.policy import Policy

logger = logging.getLogger(__name__)


Second = Annotated[float, msgspec.Meta(ge=0)]


class Sentence(msgspec.Struct, frozen=True):
    """The columns of :class:`analysis.models.TranscriptSentence` that the program gives."""

    start_s: Second
    end_s: Second
    text: str
    readable: bool
    reason: str


class Done(msgspec.Struct, frozen=True):
    """The values for the whole recording: :class:`ml.transcript.transcriber.Transcription` without its sentences."""

    refusal: str
    speech_s: Second
    readable_s: Second
    wall_s: Second
    realtime_factor: float
    model_name: str
    model_version: str
    model_sha256: str


class _Line(msgspec.Struct, frozen=True):
    """One line of the program's output, which is not trusted."""

    progress: float | None = None
    sentence: Sentence | None = None
    error: str = ""
    done: Done | None = None


def transcribe_confined(
    path: Path,
    *,
    declared: Declared,
    is_english: bool,
    progress: Callable[[float], None],
    should_stop: Callable[[], bool],
) -> tuple[list[Sentence], Done]:
    """The program's sentences, and the values for the whole recording.

    Raises :class:`ProgramFailed`, and the exceptions of :func:`ml.confinement.programs.run_confined`.
    """
    sentences: list[Sentence] = []
    last = _Line()

    def on_output_line(line: str) -> None:
        nonlocal last
        last = msgspec.json.decode(line, type=_Line)
        if last.progress is not None:
            progress(last.progress)
        elif last.sentence is not None:
            sentences.append(last.sentence)

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
    if last.error:
        raise ProgramFailed(last.error)
    if last.done is None:
        raise programs.ProgramKilled("ml.transcript", status)
    return sentences, last.done
