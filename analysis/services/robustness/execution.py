"""One attempt at the robustness of one run, from claim to readings. Called by the worker's task.

One confined program writes corrupted copies of stretches of the recording. Each is analysed as the recording was, with
the options and model versions of the run, and compared with the run's own readings of the same stretches.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from analysis import pipeline
from analysis.metrics.excerpts import Excerpt, spread, window_borders
from analysis.models import AnalysisRun, Robustness
from analysis.pipeline import Progress
from analysis.recording_process import supervisor
from analysis.services.attempts.heartbeat import RowHeartbeat
from analysis.services.attempts.outcomes import ProgramFailed, Sentences, outcome_written
from analysis.services.attempts.recording_files import declared_of, local_copy
from analysis.services.attempts.state_machine import work_claim, work_finish
from analysis.services.attempts.stopping import worker_is_stopping
from analysis.services.errors import ClaimLost
from analysis.services.registry.store import model_folders
from analysis.services.robustness.program import Copy, copies_write
from analysis.services.robustness.pruning import measured_allowed
from analysis.services.runs.model_choice import run_models
from analysis.timelines import TimelinesError, timelines_read
from interviews.models import Interview
from interviews.selectors.duties import notice_pending
from interviews.selectors.policy import interview_policy
from interviews.services.receiving import SPARE_BYTES
from interviews.services.working_folders import working_folder
from ml.confinement import programs
from ml.confinement.budgets import Declared
from ml.modalities import SPEECH_EMOTION
from ml.timeline import Timeline

logger = logging.getLogger(__name__)
Status = Robustness.Status

SENTENCES: Final = Sentences(
    too_late="This server is too busy to measure the report again now. The report is as it was; you can try again.",
    broke_off="The program that corrupts the recording broke off, or needed more memory than a recording of its size"
    " may. The report is as it was; you can try again.",
    internal="Measuring again stopped because of an internal error (reference {reference}). The report is as it was;"
    " you can try again.",
)
NO_SPACE: Final = "The server's disk is too full for copies of the recording. Tell your administrator."
NOTHING_LEFT: Final = "The rules allow none of the readings of this report any more, so nothing is measured."
NOT_INSTALLED: Final = (
    "A model version of this report is not installed any more, so it cannot be measured again as it was. Analyse the"
    " recording again first."
)
COPYING: Final = "Corrupting the recording"
MEASURING: Final = "Measuring again"
COPYING_SHARE: Final = 0.15
"""Share of the work that writing the copies takes."""


def robustness_execute(*, robustness_id: UUID) -> None:
    """Execute a queued robustness, unless another worker has claimed it.

    Every outcome is written to the row; none touches the run. An exception is raised only when the database cannot be
    written: the heartbeat then stops, and :func:`robustnesses_reap` recovers the row.
    """
    robustness = _claim(robustness_id)
    if robustness is None or robustness.claim is None:
        logger.info("robustness %s is not waiting for a worker", robustness_id)
        return
    with (
        outcome_written(robustness, SENTENCES),
        RowHeartbeat(rows=Robustness.objects.all(), row_id=robustness.pk, claim=robustness.claim) as heartbeat,
    ):
        _end(robustness, _measure(robustness, heartbeat))


def _claim(robustness_id: UUID) -> Robustness | None:
    claim = work_claim(Robustness.objects.all(), robustness_id, progress=0.0)
    rows = Robustness.objects.select_related("run__recording__interview__organization")
    return rows.filter(pk=robustness_id, claim=claim).first() if claim is not None else None


def _measure(robustness: Robustness, heartbeat: RowHeartbeat[Robustness]) -> dict[str, Any]:
    """The columns of the result."""
    run, recording = robustness.run, robustness.run.recording
    policy = interview_policy(interview=recording.interview)
    if sentence := notice_pending(interview=recording.interview, policy=policy):
        raise ProgramFailed(sentence)
    own = _own_timelines(run, policy.modalities)
    person = _person(run)
    questions_s = list(recording.interview.questions.order_by("at_s").values_list("at_s", flat=True))
    moments_s = [*([person["second"]] if person else []), *questions_s]
    starts_s = window_borders(own[SPEECH_EMOTION]) if SPEECH_EMOTION in own else []
    excerpt = Excerpt(spread(duration_s=recording.duration_s, moments_s=moments_s, starts_s=starts_s))
    folders = model_folders(run_models(run=run))
    if not set(own) <= set(folders):
        raise ProgramFailed(NOT_INSTALLED)
    corrupted = {}

    def should_stop() -> bool:
        return heartbeat.should_stop() or worker_is_stopping()

    heartbeat.report(Progress(COPYING, 0.0))
    with working_folder() as folder, local_copy(recording.file) as path:
        if shutil.disk_usage(folder).free < SPARE_BYTES:
            raise ProgramFailed(NO_SPACE)
        try:
            options = pipeline.Options(**run.options, needs_picture=False, modalities=tuple(own))
            copies = copies_write(
                path,
                folder,
                stretches=excerpt.stretches,
                fps=options.fps,
                declared=declared_of(recording),
                progress=lambda share: heartbeat.report(Progress(COPYING, COPYING_SHARE * share)),
                should_stop=should_stop,
            )
            for number, copy in enumerate(copies):
                file = folder / copy.file
                analysis = _analyze(
                    file,
                    options=_with_person(options, person, copy, excerpt),
                    folders=folders,
                    declared=_declared(run, file, excerpt),
                    progress=_part_of(heartbeat, number, len(copies)),
                    should_stop=should_stop,
                )
                corrupted[copy.key] = excerpt.readings(
                    {key: found.timeline for key, found in analysis.modalities.items()},
                    questions_s=questions_s,
                    metrics=policy.metrics,
                    shift_s=analysis.info.container_start_s,
                )
                file.unlink()
        finally:
            if not connection.in_atomic_block:
                connection.close()  # it was idle meanwhile; the next query opens a fresh one
    return {
        "stretches": [list(span) for span in excerpt.stretches],
        "questions_s": questions_s,
        "own": excerpt.readings(own, questions_s=questions_s, metrics=policy.metrics),
        "corrupted": corrupted,
    }


def _own_timelines(run: AnalysisRun, allowed: tuple[str, ...]) -> dict[str, Timeline]:
    """What the run has read, and may still be read."""
    read = set(run.modalities.filter(available=True, modality__in=allowed).values_list("modality", flat=True))
    try:
        stored = timelines_read(run.timeline_file.name or "").timelines
    except TimelinesError as error:
        raise ProgramFailed(str(error)) from error
    timelines = {key: timeline for key, timeline in stored.items() if key in read}
    if not timelines:
        raise ProgramFailed(NOTHING_LEFT)
    return timelines


def _person(run: AnalysisRun) -> dict[str, Any] | None:
    """Whose readings the run has: ``second`` and ``box``, where that had to be chosen among several people."""
    people = run.media_info.get("people", [])
    if "person" not in run.options and len(people) < 2:
        return None
    found = next((person for person in people if person["is_candidate"]), None)
    return None if found is None else {"second": found["at_s"], "box": found["box"]}


def _with_person(
    options: pipeline.Options, person: Mapping[str, Any] | None, copy: Copy, excerpt: Excerpt
) -> pipeline.Options:
    """The options with the person where the copy shows them."""
    left, top, right, bottom = copy.window
    shown = person and {
        "second": person["second"] - excerpt.stretches[0][0],
        "box": [
            (share - first) / (last - first)
            for share, first, last in zip(
                person["box"], (left, top, left, top), (right, bottom, right, bottom), strict=True
            )
        ],
    }
    return replace(options, person=shown)


def _declared(run: AnalysisRun, file: Path, excerpt: Excerpt) -> Declared:
    recording = run.recording
    return Declared(recording.width, recording.height, recording.fps, excerpt.measured_s, file.stat().st_size)


def _part_of(heartbeat: RowHeartbeat[Robustness], number: int, count: int) -> Callable[[Progress], None]:
    """The progress of one copy's analysis as a part of the whole."""

    def report(progress: Progress) -> None:
        done = (number + progress.fraction) / count
        stage = f"{MEASURING}, copy {number + 1} of {count}"
        heartbeat.report(Progress(stage, COPYING_SHARE + (1 - COPYING_SHARE) * done))

    return report


def _analyze(
    file: Path,
    *,
    options: pipeline.Options,
    folders: Mapping[str, Path],
    declared: Declared,
    progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> pipeline.RecordingAnalysis:
    try:
        return supervisor.analyze_confined(
            file,
            declared=declared,
            slots=settings.CONFINED_SLOTS,
            options=options,
            models=folders,
            progress=progress,
            should_stop=should_stop,
            niceness=programs.NICENESS,
        )
    except pipeline.AnalysisStopped as error:
        raise programs.ProgramStopped from error
    except pipeline.MediaError as error:
        raise ProgramFailed(error.sentence) from error
    except supervisor.AnalysisBrokeOff as error:
        raise ProgramFailed(SENTENCES.broke_off) from error


def _end(robustness: Robustness, measured: Mapping[str, Any]) -> None:
    """The result in one transaction; raises :class:`ClaimLost` and leaves nothing."""
    with transaction.atomic():
        # Take locks in the same order as the deletion of an interview, to avoid a deadlock.
        interview = Interview.objects.select_for_update(of=("self",)).filter(pk=robustness.recording.interview_id)
        rows = Robustness.objects.all()
        held = interview.select_related("organization").first()
        if held is None:
            raise ClaimLost
        # Policy may allow less than when it began.
        allowed = measured_allowed(measured, interview_policy(interview=held))
        if not work_finish(rows, robustness, status=Status.SUCCEEDED, reason="", progress=1.0, **allowed):
            raise ClaimLost
