"""Recomputes metrics from stored timelines when question marks change, without running a model."""

from __future__ import annotations

from django.db import transaction

from analysis.models import AnalysisRun, MetricResult
from analysis.results import metric_results_of
from analysis.timelines import timelines_read
from interviews.models import Interview
from interviews.selectors import consents_of
from interviews.selectors.policy import interview_policy
from interviews.services.holds import hold_keep


def metrics_recompute(*, interview: Interview) -> list[MetricResult]:
    """Replace the metrics of the interview's latest succeeded run by those for the current question marks.

    Reads the stored timelines and runs no model. Takes milliseconds for minutes of recording, about a second for an
    hour.
    Returns the new rows; an empty list when no run has succeeded yet, or the candidate no longer agrees. Raises
    :class:`analysis.timelines.TimelinesError` when the timelines cannot be read.
    """
    with transaction.atomic():
        # One at a time per interview, so that the last commit includes every mark and every finished run.
        Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
        run = AnalysisRun.objects.of_interview(interview).succeeded().first()
        if run is None or not consents_of(interview_id=interview.pk).analysis:
            return []
        stored = timelines_read(run.timeline_file.name or "")
        policy = interview_policy(interview=interview)
        results = metric_results_of(
            run=run,
            timelines={key: stored.timelines[key] for key in stored.timelines if key in policy.modalities},
            questions_s=list(interview.questions.values_list("at_s", flat=True)),
            duration_s=stored.duration_s,
            narrow_band=bool(run.media_info.get("narrow_band")),
            metrics=policy.metrics,
        )
        hold_keep(interview=interview, rows=run.metrics.all(), by=None)
        run.metrics.all().delete()
        return MetricResult.objects.bulk_create(results)
