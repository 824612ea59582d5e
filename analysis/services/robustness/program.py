"""Runs ``python -m ml.robustness``, confined: the corrupted copies of stretches of a recording."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
from django.conf import settings

from analysis.services.attempts.outcomes import ProgramFailed
from ml.confinement import budgets, programs
from ml.confinement.budgets import Declared
from ml.confinement.policy import Policy
from ml.spans import Spans, seconds

logger = logging.getLogger(__name__)

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,32}$")]


class Copy(msgspec.Struct, frozen=True):
    """A copy ``file`` of the folder, by the ``key`` of its corruption. ``window``: left, top, right and bottom of what
    it shows of the picture."""

    key: Key
    file: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,32}\.mkv$")]
    window: tuple[Share, Share, Share, Share]


class _Line(msgspec.Struct, frozen=True):
    """One line of the program's output, which is not trusted."""

    progress: float | None = None
    error: str = ""
    done: list[Copy] | None = None


def copies_write(
    path: Path,
    folder: Path,
    *,
    stretches: Spans,
    fps: float,
    declared: Declared,
    progress: Callable[[float], None],
    should_stop: Callable[[], bool],
) -> list[Copy]:
    """Writes the copies into ``folder``; the first is of no corruption.

    Raises :class:`ProgramFailed`, and the exceptions of :func:`ml.confinement.programs.run_confined`.
    """
    last = _Line()

    def on_output_line(line: str) -> None:
        nonlocal last
        last = msgspec.json.decode(line, type=_Line)
        if last.progress is not None:
            progress(last.progress)

    limits = budgets.corrupted_copies(declared, measured_s=seconds(stretches))
    status = programs.run_confined(
        "ml.robustness",
        [path.absolute(), folder.absolute()],
        policy=Policy.of(limits, readable=[path], writable=[folder]),
        slots=settings.CONFINED_SLOTS,
        on_output=on_output_line,
        on_error=lambda line: logger.warning("%s: %s", path.name, line),
        should_stop=should_stop,
        request=msgspec.json.encode({"stretches": stretches, "fps": fps}),
    )
    if last.error:
        raise ProgramFailed(last.error)
    if last.done is None or any((folder / copy.file).is_symlink() for copy in last.done):
        raise programs.ProgramKilled("ml.robustness", status)
    return last.done
