"""Runs and their results."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404

from analysis.lane_files import lane_piece_read
from analysis.metrics.computing import metrics_compute
from analysis.metrics.definitions import V1
from analysis.models import AnalysisRun, LiveSummary, MetricKey, Modality, ModalityResult
from analysis.reporting.explanation import explanation
from analysis.reporting.live_vs_final import live_difference
from analysis.reporting.page import WHAT_IT_MEASURES
from analysis.reporting.report import report_build, timelines_json
from analysis.reporting.sections import part_explanation, part_stretches
from analysis.reporting.timeline_summary import FACE_AND_EYES, SUMMARY
from analysis.selectors.baselines import CalmAsked, run_relatives
from analysis.selectors.run_queue import run_waiting
from analysis.timelines import TimelinesError, pictures_read, timelines_read
from interviews.models import Interview, Question, Recording, User
from interviews.policy import Decision
from interviews.selectors import Viewer, changeable_require
from interviews.selectors.policy import interview_policy
from ml.spans import Span
from ml.timeline import Timeline

FEW: Final = 12_000
"""Runs of one status that SQLite looks at in 0.2 s. With more of them a page is soon filled with interviews that are
looked at one by one; with fewer those are too far apart for that."""


def get_run(user: Viewer, run_id: UUID | str) -> AnalysisRun:
    """Raises ``Http404`` when ``user`` has no access to it."""
    runs = AnalysisRun.objects.visible_to(user).select_related("recording__interview")
    run: AnalysisRun = get_object_or_404(runs, pk=run_id)
    return run


def get_changeable_run(user: User, run_id: UUID | str) -> AnalysisRun:
    """The run for what changes it. Raises as :func:`get_run`, and ``PermissionDenied`` for who may only look."""
    run = get_run(user, run_id)
    changeable_require(user, run.recording.interview)
    return run


def run_latest(*, interview: Interview) -> AnalysisRun | None:
    """The newest run of the interview, in any state; None before the first."""
    return AnalysisRun.objects.of_interview(interview).first()


def run_latest_succeeded(*, interview: Interview) -> AnalysisRun | None:
    """The run whose report the interview shows; None before one has succeeded."""
    return AnalysisRun.objects.of_interview(interview).succeeded().first()


def run_before(*, run: AnalysisRun) -> AnalysisRun | None:
    """The last run of the same interview that had succeeded when this one was requested; None for the first."""
    runs = AnalysisRun.objects.of_interview(run.recording.interview).succeeded()
    return runs.filter(created_at__lt=run.created_at).first()


def run_state(*, run: AnalysisRun) -> dict[str, Any]:
    """A run as the API and the progress partial show it; ``remaining_s`` and both of the queue may be None."""
    return {
        "id": run.pk,
        "status": run.status,
        "stage": run.stage,
        "progress": run.progress,
        "remaining_s": run.remaining_s,
        "failure_reason": run.failure_reason,
        "attempts": run.attempts,
        **run_waiting(run=run),
        "cancel_requested": run.cancel_requested_at is not None,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
    }


def run_report(*, run: AnalysisRun, calm: CalmAsked | None = None) -> dict[str, Any]:
    """The report of a succeeded run (see :mod:`analysis.reporting.report`), with its run and question marks,
    and with how the live readings differed (``live``, None for an upload).

    With ``calm`` the distributions are relative to that stretch too. Raises as
    :func:`analysis.selectors.baselines.run_relatives` then.
    """
    report = report_build(
        run=run,
        modalities=run.modalities.all(),
        metrics=run.metrics.all(),
        relatives=run_relatives(run=run, calm=calm) if calm is not None else None,
        policy=interview_policy(interview=run.recording.interview),
    )
    summary = LiveSummary.objects.filter(recording=run.recording_id).first()
    return {
        "run": run_state(run=run),
        **report,
        "live": summary and live_difference(summary=summary, report=report),
        "questions": questions_json(interview=run.recording.interview),
    }


def run_timelines(*, run: AnalysisRun) -> dict[str, Any]:
    """The lanes of a succeeded run. Raises :class:`analysis.timelines.TimelinesError`."""
    stored = timelines_read(run.timeline_file.name or "")
    return timelines_json(duration_s=stored.duration_s, timelines=timelines_allowed(run, stored.timelines))


def person_chosen(*, recording: Recording) -> dict[str, Any] | None:
    """The person whom a recruiter chose for the latest succeeded run of the recording; None if the rule chose."""
    options = AnalysisRun.objects.filter(recording=recording).succeeded().values_list("options", flat=True).first()
    return (options or {}).get("person")


def run_person_picture(*, run: AnalysisRun, number: int) -> bytes:
    """The JPEG picture of one person in view of a succeeded run. Raises ``Http404`` if there is none of that number,
    and :class:`analysis.timelines.TimelinesError`."""
    picture = pictures_read(run.timeline_file.name or "").get(number)
    if picture is None:
        raise Http404
    return picture


def questions_json(*, interview: Interview) -> list[dict[str, Any]]:
    """The question marks in the order of the recording."""
    questions: QuerySet[Question] = interview.questions.order_by("at_s", "created_at")
    return [{"id": question.pk, "at_s": round(question.at_s, 3), "text": question.text} for question in questions]


def interviews_with_run(*, interviews: Iterable[Interview]) -> list[Any]:
    """The interviews with their newest run as attributes: ``run_id``, ``run_status``, ``run_progress``, ``run_stage``.

    All are None before the first run. One query, however many interviews.
    """
    found: list[Any] = list(interviews)
    runs = AnalysisRun.objects.filter(recording__interview__in=[one.pk for one in found])
    columns = ("recording__interview", "pk", "status", "progress", "stage")
    newest = {row[0]: row[1:] for row in runs.order_by("created_at", "id").values_list(*columns)}
    for one in found:
        one.run_id, one.run_status, one.run_progress, one.run_stage = newest.get(one.pk, (None,) * 4)
    return found


def interviews_of_status(*, interviews: QuerySet[Interview], status: str) -> QuerySet[Interview]:
    """Those whose newest run has this status.

    The runs that have it lead to their interviews: PostgreSQL hashes them. SQLite does not, so where many have it,
    interviews are looked at one by one, in their order, which soon fills a page.
    """
    runs = AnalysisRun.objects.filter(status=status)
    if connection.vendor == "sqlite" and runs.order_by()[: FEW + 1].count() > FEW:
        newest = AnalysisRun.objects.filter(recording__interview=OuterRef("pk")).order_by("-created_at", "-id")
        return interviews.alias(newest_status=Subquery(newest.values("status")[:1])).filter(newest_status=status)
    of_same = AnalysisRun.objects.filter(recording__interview=OuterRef("recording__interview"))
    newer = Q(created_at__gt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__gt=OuterRef("pk"))
    return interviews.filter(pk__in=runs.exclude(Exists(of_same.filter(newer))).values("recording__interview"))


def get_run_of(*, interview: Interview, run_id: UUID | str) -> AnalysisRun:
    """A succeeded run of this interview. Raises ``Http404`` for anything else, including a malformed id."""
    try:
        run: AnalysisRun = get_object_or_404(AnalysisRun.objects.of_interview(interview).succeeded(), pk=run_id)
        return run
    except ValidationError as error:  # "?run=nonsense"
        raise Http404 from error


def run_timelines_stored(*, run: AnalysisRun) -> dict[str, Timeline] | None:
    """The timelines of a succeeded run; None when their file cannot be read, for what works without them."""
    try:
        return timelines_allowed(run, timelines_read(run.timeline_file.name or "", with_probabilities=True).timelines)
    except TimelinesError:
        return None


def run_lane_piece(*, run: AnalysisRun, key: str) -> bytes:
    """One piece of the run's lane file, as gzip-compressed JSON. Raises ``Http404`` if there is none of that key.

    What policy does not allow any more, and was not erased yet, is taken out of it.
    """
    policy = interview_policy(interview=run.recording.interview)
    piece = lane_piece_read(run.timeline_file.name or "", key)
    if piece is None or not _is_piece_allowed(key, policy):
        raise Http404
    if run.modalities.exclude(modality__in=policy.modalities).exists():
        content = json.loads(gzip.decompress(piece))
        content = {part: value if _is_part_allowed(part, policy) else None for part, value in content.items()}
        if "modalities" in content:
            lanes = content["modalities"].items()
            content["modalities"] = {modality: lane for modality, lane in lanes if policy.allows(modality)}
        return gzip.compress(json.dumps(content, separators=(",", ":")).encode())
    return piece


def run_explanation(*, run: AnalysisRun, metric: str, within: Span | None = None) -> dict[str, Any]:
    """Why one metric of a succeeded run has its value, from the stored timelines (see
    :mod:`analysis.reporting.explanation`); that of a part of the recording with ``within``. ``is_current`` is false
    where the stored value belongs to other question marks than those of now. Raises ``Http404`` if the run has no such
    metric, and :class:`analysis.timelines.TimelinesError`."""
    policy = interview_policy(interview=run.recording.interview)
    result = get_object_or_404(run.metrics.filter(metric__in=policy.metrics), metric=metric)
    stored = timelines_read(run.timeline_file.name or "")
    timelines, is_current = timelines_allowed(run, stored.timelines), True
    if within:
        found = part_explanation(timelines, metric=metric, start_s=within[0], end_s=within[1])
    else:
        questions_s = sorted(run.recording.interview.questions.values_list("at_s", flat=True))
        duration_s = stored.duration_s
        metrics = metrics_compute(timelines=timelines, questions_s=questions_s, duration_s=duration_s, definition=V1)
        found = explanation(metrics[metric], definition=V1)
        values = [None if value is None else round(value, 4) for value in (result.value, metrics[metric].value)]
        is_current = values[0] == values[1]
    return {**found, "key": metric, "measures": WHAT_IT_MEASURES[MetricKey(metric)], "is_current": is_current}


def run_part_stretches(*, run: AnalysisRun, kind: str, label: str, within: Span) -> dict[str, Any]:
    """The seconds behind a number of a part of the recording (:func:`analysis.reporting.sections.part_stretches`).
    Raises ``Http404`` if there is no such number, and :class:`analysis.timelines.TimelinesError`."""
    timelines = timelines_allowed(run, timelines_read(run.timeline_file.name or "").timelines)
    found = part_stretches(timelines, kind=kind, label=label, start_s=within[0], end_s=within[1])
    if found is None:
        raise Http404
    return found


def run_summary(*, run: AnalysisRun) -> dict[str, Any]:
    """What :mod:`analysis.reporting.timeline_summary` says of the run, from its lane file."""
    summary: dict[str, Any] = json.loads(gzip.decompress(run_lane_piece(run=run, key=SUMMARY)))
    return summary


def modality_coverages(*, policies: Mapping[UUID, Decision]) -> dict[UUID, dict[str, float]]:
    """Coverage 0..1 by run and modality, for lists of an organization: one query, however many runs. ``policies``: by
    run, that of its interview."""
    coverages: dict[UUID, dict[str, float]] = {}
    results = ModalityResult.objects.filter(run_id__in=list(policies))
    for run_id, modality, coverage in results.values_list("run_id", "modality", "coverage"):
        if policies[run_id].shows_organization and policies[run_id].allows(modality):
            coverages.setdefault(run_id, {})[modality] = coverage
    return coverages


def timelines_allowed(run: AnalysisRun, timelines: Mapping[str, Timeline]) -> dict[str, Timeline]:
    """Those that policy allows in the run's interview."""
    policy = interview_policy(interview=run.recording.interview)
    return {key: timeline for key, timeline in timelines.items() if policy.allows(key)}


def _is_piece_allowed(key: str, policy: Decision) -> bool:
    kind, _, rest = key.partition("/")
    of = rest.partition("/")[0]
    return kind != "stretches" or policy.allows(of) or (of == FACE_AND_EYES and _is_part_allowed(of, policy))


def _is_part_allowed(part: str, policy: Decision) -> bool:
    """Whether a part of the summary may be shown that is made of readings."""
    made_of = {
        FACE_AND_EYES: (Modality.FACIAL_EXPRESSION, Modality.EYE_EMOTION),
        "mixture": (Modality.SPEECH_EMOTION,),
    }
    return all(policy.allows(modality) for modality in made_of.get(part, ()))
