"""Analyse a recording and print its report, without a server, a queue or a database."""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from tqdm import tqdm

from analysis import pipeline
from analysis.models import AnalysisRun, Transcript, TranscriptSentence
from analysis.recording_process import supervisor
from analysis.reporting.report import gaps_json, intervals_json, report_build
from analysis.reporting.sentences import sentences_json
from analysis.reporting.terminal import report_text
from analysis.results import results_of
from analysis.services.attempts.outcomes import ProgramFailed
from analysis.services.transcripts.program import transcribe_confined
from analysis.transcripts import NO_SOUND
from interviews.errors import Refusal
from interviews.policy import TABLE, Decision, Jurisdiction, Purpose, Setting, decide
from interviews.services.probing import ProbeTimeout, recording_probe
from ml.confinement import programs
from ml.confinement.budgets import Declared
from ml.timeline import Timeline

MINIMUM_FPS: Final = 0.1
MAXIMUM_FPS: Final = 60.0
REFUSED: Final = 2
INTERRUPTED: Final = 130


class Command(BaseCommand):
    help = "Analyse a recording and print its report. Exit status: 0 report made, 2 refused, 130 interrupted."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="an mp4, m4v, mov, 3gp, 3g2, mkv, webm or avi recording")
        parser.add_argument("--questions", default="", metavar="S,S", help="seconds of the questions, such as 3.2,15.0")
        parser.add_argument(
            "--fps", default=str(settings.ANALYSIS_FPS), help="frames looked at per second (default: %(default)s)"
        )
        parser.add_argument(
            "--person",
            default="",
            metavar="S,L,T,R,B",
            help="read the person whose face is at second S in the box left, top, right, bottom (shares of the "
            "picture), as the report's people have it (at_s, box); by default the candidate is determined by rule",
        )
        parser.add_argument(
            "--purpose",
            choices=Purpose.values,
            default=Purpose.RESEARCH,
            help="what the recording is for: policy leaves out what is not allowed for it (default: %(default)s)",
        )
        parser.add_argument(
            "--jurisdiction",
            choices=Jurisdiction.values,
            default=Jurisdiction.ELSEWHERE,
            help="where the candidate is (default: %(default)s)",
        )
        parser.add_argument(
            "--transcript", action="store_true", help="write down what is said too, if it is readable English"
        )
        parser.add_argument("--timelines", action="store_true", help="add every interval to the JSON")
        parser.add_argument(
            "--json", metavar="PATH|-", help="write the report as JSON to a file, or to standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        interruption = Interruption()
        with interruption:
            try:
                self._run(interruption, **options)
            except Refusal as refusal:
                self.stderr.write(str(refusal))
                sys.exit(REFUSED)
        if interruption.requested:
            sys.exit(INTERRUPTED)

    def _run(self, interruption: Interruption, **options: Any) -> None:
        path = _readable_file(options["file"])
        fps = _frames_per_second(options["fps"])
        questions_s = _seconds(options["questions"])
        person = _person(options["person"])
        policy = _policy(purpose=options["purpose"], jurisdiction=options["jurisdiction"])
        try:
            with json_target(options["json"], recording=path) as target:
                _refuse_questions_outside(path, questions_s)
                report, timelines = _report(
                    path,
                    pipeline.Options(fps=fps, person=person, modalities=policy.modalities),
                    questions_s,
                    options["timelines"],
                    interruption,
                    policy,
                )
                if options["transcript"]:
                    report["transcript"] = _transcript(path, report, timelines, interruption)
                content = json.dumps(report, indent=2, allow_nan=False) + "\n"
                if target is not None:
                    _write(target, content, name=options["json"])
        except pipeline.AnalysisStopped:
            return
        except pipeline.MediaError as error:
            raise _refused(error.sentence) from error
        except supervisor.AnalysisBrokeOff as error:
            raise _refused(str(error)) from error
        if options["json"] == "-":
            self.stdout.write(content, ending="")
        else:
            self.stdout.write(report_text(report))
            if options["json"]:
                self.stdout.write(f"\nThe report is in {options['json']}.")


class Interruption:
    """Ctrl-C stops the pipeline at its next frame; a second one stops it at once."""

    def __init__(self) -> None:
        self.requested = False
        self._previous: Any = None

    def __enter__(self) -> None:
        self._previous = signal.signal(signal.SIGINT, self._request)

    def __exit__(self, *error: object) -> None:
        signal.signal(signal.SIGINT, self._previous)

    def _request(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            os._exit(INTERRUPTED)
        self.requested = True


def _report(
    path: Path,
    options: pipeline.Options,
    questions_s: list[float],
    with_intervals: bool,
    interruption: Interruption,
    policy: Decision,
) -> tuple[dict[str, Any], dict[str, Timeline]]:
    size = shutil.get_terminal_size()  # never zero, which some terminals report
    with tqdm(
        total=100.0,
        disable=not sys.stderr.isatty(),
        leave=False,
        ncols=min(100, size.columns),
        nrows=size.lines,
        bar_format="{desc:<28} {percentage:3.0f} % |{bar}| {elapsed} < {remaining}",
    ) as bar:
        stage = ""

        def show(progress: pipeline.Progress) -> None:
            nonlocal stage
            # A new stage is shown at once; within one, updates of the bar are limited.
            bar.set_description(progress.stage, refresh=progress.stage != stage)
            stage = progress.stage
            bar.update(max(0.0, progress.fraction * 100.0 - bar.n))

        analysis = supervisor.analyze_confined(
            path,
            declared=Declared.largest(duration_s=settings.MAX_DURATION_S),
            slots=settings.CONFINED_SLOTS,
            options=options,
            progress=show,
            should_stop=lambda: interruption.requested,
        )
    run = AnalysisRun(timing=analysis.timing)
    results = results_of(analysis, run=run)
    run.media_info = results.media_info
    metrics = results.metrics(questions_s, metrics=policy.metrics)
    report = report_build(run=run, modalities=results.modalities, metrics=metrics, policy=policy)
    if with_intervals:
        for key, modality in report["modalities"].items():
            modality["intervals"] = intervals_json(results.timelines[key])
            modality["gaps"] = gaps_json(results.timelines[key])
    return report, results.timelines


def _transcript(
    path: Path, report: dict[str, Any], timelines: dict[str, Timeline], interruption: Interruption
) -> dict[str, Any]:
    """The transcript in the shape of the API: ``status``, ``reason``, ``model``, ``sentences``."""
    if not report["recording"]["has_audio"]:
        return {"status": Transcript.Status.REFUSED, "reason": NO_SOUND, "model": None, "sentences": []}
    recording = report["recording"]
    declared = Declared.largest(duration_s=recording["duration_s"])
    try:
        found, made = transcribe_confined(
            path,
            declared=declared,
            is_english=False,
            progress=lambda fraction: None,
            should_stop=lambda: interruption.requested,
        )
    except programs.ProgramStopped as error:
        raise pipeline.AnalysisStopped from error
    except ProgramFailed as error:
        raise _refused(str(error)) from error
    except (programs.ProgramTimeout, programs.ProgramKilled) as error:
        raise _refused(f"The transcript could not be written: {error}.") from error
    rows = [TranscriptSentence(**msgspec.structs.asdict(sentence)) for sentence in found]
    return {
        "status": Transcript.Status.REFUSED if made.refusal else Transcript.Status.SUCCEEDED,
        "reason": made.refusal,
        "model": {"name": made.model_name, "version": made.model_version, "sha256": made.model_sha256},
        "sentences": sentences_json(rows, timelines=timelines),
    }


def _policy(*, purpose: str, jurisdiction: str) -> Decision:
    """As in an organization that does research and has switched everything on that it may."""
    setting = Setting(lifted=tuple(rule.id for rule in TABLE.rules if Purpose.RESEARCH in rule.purposes))
    policy = decide(
        candidate=jurisdiction, organization=jurisdiction, purpose=purpose, settings={Purpose.RESEARCH: setting}
    )
    if not policy.modalities:
        raise _refused(f"Nothing may be analysed for this purpose there: {policy.left_out[0].rule.title}.")
    return policy


def _refused(sentence: str) -> Refusal:
    """The recording cannot be analysed, for the reason in ``sentence``."""
    return Refusal("not_analysed", sentence)


def _readable_file(name: str) -> Path:
    path = Path(name)
    try:
        path.stat()
    except (OSError, ValueError):
        raise _refused(f"There is no file {name}.") from None
    if not path.is_file():
        raise _refused(f"{name} is not a file.")
    if not os.access(path, os.R_OK):
        raise _refused(f"{name} cannot be read: permission denied.")
    return path


def _frames_per_second(text: str) -> float:
    try:
        fps = float(text)
    except ValueError:
        fps = math.nan
    if not MINIMUM_FPS <= fps <= MAXIMUM_FPS:
        raise _refused(f"--fps must be a number between {MINIMUM_FPS:g} and {MAXIMUM_FPS:g}, not {text!r}.")
    return fps


def _seconds(text: str) -> list[float]:
    """``3.2,15.0`` as numbers; whether they lie within the recording is known once it was probed."""
    questions_s = []
    for part in text.split(",") if text.strip() else []:
        try:
            second = float(part)
        except ValueError:
            second = math.nan
        if not math.isfinite(second) or second < 0:
            raise _refused(f"--questions must be seconds separated by commas, such as 3.2,15.0, not {part.strip()!r}.")
        questions_s.append(second)
    return sorted(questions_s)


def _person(text: str) -> dict[str, Any] | None:
    """``3.5,0.2,0.1,0.4,0.5`` as second and box; None without text."""
    if not text:
        return None
    try:
        second, *box = (float(part) for part in text.split(","))
    except ValueError:
        second, box = math.nan, []
    if len(box) != 4 or not all(map(math.isfinite, (second, *box))) or box[0] >= box[2] or box[1] >= box[3]:
        raise _refused(f"--person must be a second and a box, such as 3.5,0.2,0.1,0.4,0.5, not {text!r}.")
    return {"second": second, "box": box}


def _refuse_questions_outside(path: Path, questions_s: list[float]) -> None:
    if not questions_s:
        return
    try:
        duration_s = recording_probe(path).duration_s
    except ValidationError as error:
        raise _refused(" ".join(error.messages)) from error
    except ProbeTimeout as error:
        raise _refused(str(error)) from error
    for second in questions_s:
        if second > duration_s:
            raise _refused(f"The question at {second:g} s lies outside the recording, which lasts {duration_s:.1f} s.")


@contextmanager
def json_target(name: str | None, *, recording: Path) -> Iterator[Path | None]:
    """A temporary path for the JSON, renamed to ``name`` when complete; None when it is not written to a file.

    The folder is tested before the analysis, which may take an hour.
    """
    if name is None or name == "-":
        yield None
        return
    path = Path(name).resolve()
    if path == recording.resolve():
        raise _refused(f"The report would overwrite the recording {name}.")
    if path.is_dir() or (path.exists() and not os.access(path, os.W_OK)):
        raise _refused(f"The report cannot be written to {name}.")
    if path.exists() and not path.is_file():
        yield path  # a device or a pipe is written directly, never replaced
        return
    try:
        handle, temporary_name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _refused(f"The report cannot be written to {name}: {error.strerror}.") from error
    os.close(handle)
    temporary = Path(temporary_name)
    try:
        yield temporary
        if temporary.stat().st_size:
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write(target: Path, content: str, *, name: str) -> None:
    try:
        target.write_text(content, encoding="utf-8")
    except OSError as error:
        raise _refused(f"The report could not be written to {name}: {error.strerror}.") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
