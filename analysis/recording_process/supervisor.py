"""Runs the analysis of one recording in a confined program, and tells how it ended."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from analysis.pipeline import AnalysisStopped, MediaError, Options, Progress, RecordingAnalysis, never
from analysis.recording_process.results import RESULT, Request, ResultInvalid, decode
from ml.confinement import budgets, programs
from ml.confinement.budgets import Declared
from ml.confinement.policy import Policy
from ml.confinement.slots import Slots

logger = logging.getLogger(__name__)

MODULE: Final = "analysis.recording_process"
ATTEMPTS: Final = 2
"""A program that was killed is started once more: the machine may have been short of memory for a moment."""
NICENESS: Final = 0

NEEDS_MEMORY: Final = (
    "The analysis needed more memory than a recording of this size may, and was stopped. The recording is kept; export"
    " it again with a lower resolution, or try again later."
)
BROKE_OFF: Final = (
    "The analysis broke off at this recording, twice: something in the file cannot be decoded safely. The recording is"
    " kept; export it again, for instance as mp4 (H.264)."
)
TOO_LONG: Final = (
    "The analysis took much longer than a recording of this length may, and was stopped. The recording is kept; export"
    " it again with a lower resolution, or try again when the server is less busy."
)


class AnalysisBrokeOff(Exception):
    """The program ended without a result; ``str(error)`` is a sentence for the recruiter."""


def analyze_confined(
    path: Path,
    *,
    declared: Declared,
    slots: Slots,
    options: Options | None = None,
    models: Mapping[str, Path] | None = None,
    shadows: Mapping[str, Path] | None = None,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] = never,
    niceness: int = NICENESS,
) -> RecordingAnalysis:
    """:func:`analysis.pipeline.analyze_recording` in a program of its own, which is limited by what is ``declared``.

    ``progress`` and ``should_stop`` are called from this thread. Raises :class:`MediaError`, :class:`AnalysisStopped`
    and :class:`AnalysisBrokeOff`.
    """
    options = options or Options()
    request = Request(str(path.absolute()), options, _texts(models), _texts(shadows))
    limits = budgets.analysis(declared, fps=options.fps)
    folders = [*(models or {}).values(), *(shadows or {}).values()]
    for attempt in range(1, ATTEMPTS + 1):
        with tempfile.TemporaryDirectory(prefix="candor-analysis-") as folder:
            policy = Policy.of(limits, readable=[path, *folders], writable=[Path(folder)])
            try:
                return _run(request, Path(folder), policy, slots, progress or _ignore, should_stop, niceness)
            except programs.ProgramStopped as error:
                raise AnalysisStopped from error
            except programs.ProgramTimeout as error:
                raise AnalysisBrokeOff(TOO_LONG) from error
            except (programs.ProgramKilled, ResultInvalid) as error:
                logger.error("attempt %d to analyse %s: %s", attempt, path.name, error)
                if attempt == ATTEMPTS:
                    needs_memory = isinstance(error, programs.ProgramKilled) and error.needs_memory
                    raise AnalysisBrokeOff(NEEDS_MEMORY if needs_memory else BROKE_OFF) from error
    raise AssertionError("unreachable")


def _run(
    request: Request,
    folder: Path,
    policy: Policy,
    slots: Slots,
    progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
    niceness: int,
) -> RecordingAnalysis:
    end: dict[str, Any] = {}

    def on_output_line(line: str) -> None:
        event = json.loads(line)
        if "stage" in event:
            progress(Progress(str(event["stage"]), float(event["fraction"])))
        else:
            end.update(event)

    status = programs.run_confined(
        MODULE,
        [folder],
        policy=policy,
        slots=slots,
        on_output=on_output_line,
        on_error=_log,
        should_stop=should_stop,
        request=msgspec.json.encode(request),
        niceness=niceness,
    )
    if "refused" in end:
        raise MediaError(str(end["refused"]), str(end["sentence"]))
    if "done" not in end:
        raise programs.ProgramKilled(MODULE, status)
    return decode((folder / RESULT).read_bytes())


def _texts(folders: Mapping[str, Path] | None) -> dict[str, str] | None:
    return None if folders is None else {modality: str(folder.absolute()) for modality, folder in folders.items()}


def _log(line: str) -> None:
    if not line.startswith("INFO:"):  # LiteRT and MediaPipe, on every start
        logger.warning("%s", line)


def _ignore(progress: Progress) -> None:
    return
