"""Erases stored results that policy no longer allows."""

from __future__ import annotations

import logging
from functools import partial
from typing import Final
from uuid import uuid4

from django.core.files.storage import default_storage
from django.db import transaction

from analysis.lane_files import lane_file_name
from analysis.models import AnalysisRun, LabelFeedback, LiveSummary, Transcript
from analysis.services.robustness.pruning import robustness_prune
from analysis.timelines import TimelinesError, timelines_read, timelines_rewrite
from interviews.models import AuditEntry, GazeCalibration, Interview
from interviews.policy import Decision, Jurisdiction, Purpose
from interviews.selectors.policy import interview_hold, interview_policy, lapsed_lifts
from interviews.services.audit import audit_append
from ml.modalities import EYE_GAZE

logger = logging.getLogger(__name__)

CALIBRATION: Final = "gaze_calibration"
"""Its key in the options of a run."""


@transaction.atomic
def results_prune(*, interview: Interview) -> int:
    """Erase what was computed of an interview and is not allowed: rows, intervals, live readings, what people
    said of them, the transcript.

    Does nothing while somebody has still to say what the interview is for and where its people are: its results are
    hidden then, and one answer shows them again; nor while a hold stands, nor in the month after the lift of a rule has
    ended (:func:`lapsed_lifts`). Returns how many results were erased.
    """
    stated = (interview.candidate_jurisdiction, interview.organization.jurisdiction)
    if interview.purpose == Purpose.UNKNOWN or Jurisdiction.UNKNOWN in stated:
        return 0
    policy = interview_policy(interview=interview)
    Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
    if interview_hold(interview=interview) is not None or lapsed_lifts(interview=interview, policy=policy):
        return 0
    erased = 0
    for run in AnalysisRun.objects.of_interview(interview).succeeded():
        modalities = run.modalities.exclude(modality__in=policy.modalities)
        kinds = set(modalities.values_list("modality", flat=True))
        erased += modalities.delete()[0] + run.metrics.exclude(metric__in=policy.metrics).delete()[0]
        robustness_prune(run=run, policy=policy)
        erased += run.shadows.exclude(modality__in=policy.modalities).delete()[0]
        if kinds:
            _timelines_prune(run, policy)
    if EYE_GAZE not in policy.modalities:
        erased += _calibration_prune(interview)
    for summary in LiveSummary.objects.filter(recording__interview=interview):
        erased += _summary_prune(summary, policy)
    said = LabelFeedback.objects.filter(recording__interview=interview).exclude(modality__in=policy.modalities)
    erased += said.delete()[0]
    if not policy.transcript:
        transcripts = Transcript.objects.filter(recording__interview=interview)
        erased += transcripts.count()
        transcripts.delete()
    if erased:
        action = AuditEntry.Action.READINGS_CHANGED
        audit_append(action=action, interview=interview, change="erased what is no longer allowed", results=erased)
    return erased


def results_prune_all() -> int:
    """:func:`results_prune` for every interview whose organization allows less than before; returns how many."""
    interviews = Interview.objects.exclude(purpose=Purpose.UNKNOWN).select_related("organization")
    return sum(results_prune(interview=interview) > 0 for interview in interviews.iterator(chunk_size=200))


def _timelines_prune(run: AnalysisRun, policy: Decision) -> None:
    """Write the timelines anew without what is not allowed; the file of before goes once that is committed."""
    before = run.timeline_file.name or ""
    try:
        kept = {key for key in timelines_read(before).timelines if policy.allows(key)}
        name = timelines_rewrite(before, run_id=run.pk, attempt=uuid4(), kept=kept)
    except TimelinesError:
        logger.exception("run %s: its timelines cannot be read, so they are erased", run.pk)
        name = ""
    AnalysisRun.objects.filter(pk=run.pk).update(timeline_file=name)
    if before:
        transaction.on_commit(partial(default_storage.delete, before))
        transaction.on_commit(partial(default_storage.delete, lane_file_name(before)))


def _calibration_prune(interview: Interview) -> int:
    """Erase the gaze calibration of a live room, also where runs keep it among their options."""
    for run in AnalysisRun.objects.of_interview(interview).filter(options__has_key=CALIBRATION):
        options = {key: value for key, value in run.options.items() if key != CALIBRATION}
        AnalysisRun.objects.filter(pk=run.pk).update(options=options)
    return GazeCalibration.objects.filter(room__interview=interview).delete()[0]


def _summary_prune(summary: LiveSummary, policy: Decision) -> int:
    distributions = {key: value for key, value in summary.distributions.items() if policy.allows(key)}
    metrics = {key: value for key, value in summary.metrics.items() if policy.allows(key)}
    fewer = len(summary.distributions) + len(summary.metrics) - len(distributions) - len(metrics)
    if fewer:
        LiveSummary.objects.filter(pk=summary.pk).update(distributions=distributions, metrics=metrics)
    return fewer
