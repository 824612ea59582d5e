"""One attempt at one run, from claim to result. Called by the worker's task."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction

from analysis import pipeline
from analysis.lane_files import lane_file_name
from analysis.models import AnalysisRun, MetricResult, ModalityResult, ShadowResult
from analysis.recording_process import supervisor
from analysis.results import results_of
from analysis.selectors.model_versions import Choice
from analysis.selectors.run_queue import run_queue
from analysis.services.attempts.heartbeat import Heartbeat
from analysis.services.attempts.recording_files import RECORDING_MISSING, RecordingMissing, declared_of, local_copy
from analysis.services.attempts.state_machine import work_claim, work_finish, work_stopped
from analysis.services.attempts.stopping import worker_is_stopping
from analysis.services.errors import ClaimLost, RunConflict
from analysis.services.playback import playback_show_candidate
from analysis.services.registry.store import model_folders, shadow_folders
from analysis.services.runs.lane_files import lane_file_prepare
from analysis.services.runs.model_choice import run_models_ensure
from analysis.services.runs.telling import run_tell
from analysis.services.transcripts import transcript_request_agreed
from analysis.timelines import timelines_write
from interviews.media_storage import MediaLocked
from interviews.models import Interview
from interviews.policy import Decision
from interviews.selectors.duties import notice_pending
from interviews.selectors.policy import interview_policy

logger = logging.getLogger(__name__)
Status = AnalysisRun.Status
_FRESH: Final = {"progress": 0.0, "remaining_s": None}


def run_execute_next(*, published: UUID) -> None:
    """Execute the run whose turn it is (:func:`analysis.selectors.run_queue`), whichever run was ``published``.

    A message means that one more run may be executed. So an organization with many recordings does not keep the others
    waiting, and a message that arrives twice or late does no harm. Does nothing when no run waits.
    """
    if not any(run_execute(run_id=run_id) for run_id in run_queue()):  # another worker may have taken the first
        logger.info("no run is waiting for a worker; %s was taken before", published)


def run_execute(*, run_id: UUID) -> bool:
    """Execute a queued run, unless another worker has claimed it; returns whether this one did.

    Every outcome is written to the row. An exception is raised only when the database cannot be written: the heartbeat
    then stops, and :func:`runs_reap` recovers the row.

    Does nothing when the run was deleted, is no longer queued, or is claimed by another worker, because a message may
    arrive twice or late.
    """
    run = _run_claim(run_id)
    if run is None or run.claim is None:
        logger.info("run %s is not waiting for a worker", run_id)
        return False
    try:
        with Heartbeat(run_id=run.pk, claim=run.claim) as heartbeat:
            choices = run_models_ensure(run=run)
            policy = interview_policy(interview=run.recording.interview)
            if sentence := notice_pending(interview=run.recording.interview, policy=policy):
                raise RunConflict(sentence)  # it was not so when the run was requested
            analysis = _recording_analyze(run, choices, policy, heartbeat)
            _run_succeed(run, choices, analysis)
    except (pipeline.AnalysisStopped, ClaimLost):
        work_stopped(
            AnalysisRun.objects.all(),
            run,
            hand_back=worker_is_stopping(),
            cancelled={"remaining_s": None},
            queued=_FRESH,
        )
    except pipeline.MediaError as error:
        _run_finish(run, status=Status.FAILED, failure_reason=error.sentence)
    except supervisor.AnalysisBrokeOff as error:
        _run_finish(run, status=Status.FAILED, failure_reason=str(error))
    except RecordingMissing:
        logger.error("run %s: %s is missing from storage", run.pk, run.recording.file.name)
        _run_finish(run, status=Status.FAILED, failure_reason=RECORDING_MISSING)
    except RunConflict as error:
        _run_finish(run, status=Status.FAILED, failure_reason=str(error))
    except MediaLocked as error:
        logger.error("run %s: %s", run.pk, error)
        _run_finish(run, status=Status.FAILED, failure_reason=str(error))
    except Exception:
        reference = run.claim.hex[:8].upper()
        logger.exception("run %s failed, reference %s", run.pk, reference)
        _run_finish(
            run,
            status=Status.FAILED,
            failure_reason=f"The analysis stopped because of an internal error (reference {reference}). "
            "Your recording is kept; you can try again.",
        )
    return True


def _run_claim(run_id: UUID) -> AnalysisRun | None:
    claim = work_claim(AnalysisRun.objects.all(), run_id, **_FRESH)
    if claim is None:
        return None
    return AnalysisRun.objects.select_related("recording").filter(pk=run_id, claim=claim).first()


def _recording_analyze(
    run: AnalysisRun, choices: Mapping[str, Choice], policy: Decision, heartbeat: Heartbeat
) -> pipeline.RecordingAnalysis:
    models, shadows = model_folders(choices), shadow_folders(choices)
    options = pipeline.Options(**run.options, needs_picture=run.recording.has_picture, modalities=policy.modalities)
    try:
        with local_copy(run.recording.file) as path:
            return supervisor.analyze_confined(
                path,
                declared=declared_of(run.recording),
                slots=settings.CONFINED_SLOTS,
                options=options,
                models=models,
                shadows=shadows,
                progress=heartbeat.report,
                should_stop=lambda: heartbeat.should_stop() or worker_is_stopping(),
            )
    finally:
        if not connection.in_atomic_block:
            connection.close()  # it was idle during the analysis; the next query opens a fresh one


def _run_succeed(run: AnalysisRun, choices: Mapping[str, Choice], analysis: pipeline.RecordingAnalysis) -> None:
    """Write the file, then all rows and the state in one transaction; raises :class:`ClaimLost` and leaves nothing."""
    assert run.claim is not None
    # It may allow less than when the analysis began.
    policy = interview_policy(interview=Interview.objects.select_related("organization").get(recordings=run.recording))
    allowed = {key: found for key, found in analysis.modalities.items() if key in policy.modalities}
    analysis = replace(analysis, modalities=allowed)
    results = results_of(
        analysis,
        run=run,
        versions={modality: choice.primary for modality, choice in choices.items()},
        shadows={
            modality: choice.shadow
            for modality, choice in choices.items()
            if choice.shadow is not None and modality in allowed
        },
    )
    name = timelines_write(
        run_id=run.pk,
        attempt=run.claim,
        duration_s=results.duration_s,
        timelines=results.timelines,
        pictures=results.pictures,
    )
    lane_file_prepare(timeline_file=name, timelines=results.timelines, duration_s=results.duration_s)
    try:
        with transaction.atomic():
            # The lock delays changes of question marks, so that their metrics are recomputed for this run.
            interview = Interview.objects.select_for_update(of=("self",)).filter(pk=run.recording.interview_id).first()
            if interview is None or not _run_finish(
                run,
                status=Status.SUCCEEDED,
                progress=1.0,
                failure_reason="",
                media_info=results.media_info,
                timing=analysis.timing,
                timeline_file=name,
            ):
                raise ClaimLost
            questions_s = list(interview.questions.values_list("at_s", flat=True))
            ModalityResult.objects.bulk_create(results.modalities)
            ShadowResult.objects.bulk_create(results.shadows)
            MetricResult.objects.bulk_create(results.metrics(questions_s, metrics=policy.metrics))
            transcript_request_agreed(recording=run.recording, by=run.requested_by)
            playback_show_candidate(recording=run.recording, media_info=results.media_info)
    except BaseException:
        for file in (name, lane_file_name(name)):
            default_storage.delete(file)
        raise


def _run_finish(run: AnalysisRun, *, status: str, **fields: Any) -> bool:
    is_finished = work_finish(AnalysisRun.objects.all(), run, status=status, remaining_s=None, **fields)
    if is_finished:
        run_tell(run=run, status=status)
    return is_finished
