"""Requests of recruiters: analyse, cancel, retry."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction

from analysis.models import AnalysisRun
from analysis.queue import run_publish
from analysis.services.attempts.state_machine import work_cancel
from analysis.services.errors import RunConflict
from analysis.services.runs.model_choice import run_models_choose
from interviews.models import AuditEntry, GazeCalibration, Interview, Recording, User
from interviews.selectors import consents_of
from interviews.selectors.duties import notice_pending
from interviews.selectors.policy import interview_policy
from interviews.services.audit import audit_append

Status = AnalysisRun.Status

WITHOUT_ANALYSIS: Final = (
    "The candidate takes part without analysis: it was not agreed to, or no longer is. This recording is not analysed."
)
WITHOUT_EVIDENCE: Final = (
    "Nothing shows yet that the candidate agreed. Record how they did, in words or as a file, on the page Consent."
)
NOTHING_ALLOWED: Final = (
    "The rules for this interview's purpose and places allow no analysis. Its page says which rules these are."
)


def run_request(*, recording: Recording, by: User | None, person: Mapping[str, Any] | None = None) -> AnalysisRun:
    """Queue an analysis of ``recording`` with the model versions in service now, which the run keeps for ever.

    The message is published after the row is committed. The run includes the candidate's gaze calibration from a live
    room. ``person``: ``second`` and ``box`` (shares of the picture) of the face that a recruiter chose; without it the
    rule chooses (:mod:`ml.faces.candidate`).

    Raises :class:`RunConflict` while another run of the recording is queued or running, for a recording that the
    candidate did not agree to have analysed, where policy allows nothing, and before a notice period has passed.
    """
    organization = recording.interview.organization
    options: dict[str, Any] = {"fps": settings.ANALYSIS_FPS, "corrects_prior": organization.corrects_prior}
    if person is not None:
        options["person"] = {"second": person["second"], "box": list(person["box"])}
    return _run_create(recording=recording, by=by, options=options)


def run_cancel(*, run: AnalysisRun, by: User) -> AnalysisRun:
    """Cancel a queued run at once; ask the worker of a running one to stop, which takes about a second.

    Idempotent. Raises :class:`RunConflict` when the run has finished.
    """
    work_cancel(AnalysisRun.objects.all(), run, remaining_s=None)
    if run.status in (Status.SUCCEEDED, Status.FAILED):
        raise RunConflict("This analysis has already finished, so there is nothing to cancel.")
    action, interview = AuditEntry.Action.READINGS_CHANGED, run.recording.interview
    audit_append(action=action, by=by, interview=interview, run=run.pk, change="analysis cancelled")
    return run


def run_retry(*, run: AnalysisRun, by: User) -> AnalysisRun:
    """Queue a new run with the options and model versions of a failed or cancelled one, which is not changed; the gaze
    calibration is the one that counts now.

    Raises :class:`RunConflict` for other runs, while another run of the recording is queued or running, and where the
    candidate no longer agrees.
    """
    if run.is_active:
        raise RunConflict("This analysis is still under way. Cancel it first, or wait for it to finish.")
    if run.status == Status.SUCCEEDED:
        raise RunConflict("This analysis succeeded, so there is nothing to retry. Start a new analysis instead.")
    return _run_create(recording=run.recording, by=by, options=run.options, like=run)


def _run_create(
    *, recording: Recording, by: User | None, options: dict[str, Any], like: AnalysisRun | None = None
) -> AnalysisRun:
    with transaction.atomic():
        # Locked, so that no withdrawal comes between the question and the run.
        interviews = Interview.objects.select_for_update(of=("self",)).select_related("organization")
        interview = interviews.get(pk=recording.interview_id)
        consents = consents_of(interview_id=recording.interview_id)
        if not consents.analysis:
            raise RunConflict(WITHOUT_ANALYSIS)
        if consents.lacks_evidence:
            raise RunConflict(WITHOUT_EVIDENCE)
        policy = interview_policy(interview=interview)
        if not policy.modalities:
            raise RunConflict(NOTHING_ALLOWED)
        if sentence := notice_pending(interview=interview, policy=policy):
            raise RunConflict(sentence)
        # The one that counts now: a candidate's no since the run that is tried again took that run's away.
        options = {key: value for key, value in options.items() if key != "gaze_calibration"}
        calibration = GazeCalibration.objects.filter(room__interview=interview).first()
        if calibration is not None:
            options["gaze_calibration"] = calibration.parameters
        try:
            with transaction.atomic():
                run = AnalysisRun.objects.create(recording=recording, requested_by=by, options=options)
        except IntegrityError as error:
            if not AnalysisRun.objects.filter(recording=recording).active().exists():
                raise
            raise RunConflict("This recording is already being analysed.") from error
        run_models_choose(run=run, like=like)
        transaction.on_commit(partial(run_publish, run.pk))
        audit_append(
            action=AuditEntry.Action.READINGS_CHANGED,
            by=by,
            interview=recording.interview,
            run=run.pk,
            change="analysis requested" if like is None else "analysis tried again",
            person_chosen="person" in options,
        )
    return run
