"""Runs, their reports and timelines. For another organization's objects the answer is 404."""

from __future__ import annotations

import gzip
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView

from analysis import selectors, services
from analysis.api.model_serializers import ComparisonSerializer
from analysis.api.serializers import (
    ExplanationSerializer,
    LaneTileSerializer,
    RunSerializer,
    RunWriteSerializer,
    StretchesSerializer,
    TimelinesSerializer,
    WithinSerializer,
)
from analysis.api.throttles import RunStartThrottle
from analysis.api.transcript_serializers import ReportWithTranscriptSerializer
from analysis.models import AnalysisRun
from analysis.selectors.baselines import calm_asked
from interviews.api.base import ConflictSerializer, SignedInRequest, validated
from interviews.errors import Refusal
from interviews.models import AuditEntry
from interviews.selectors import get_changeable_interview
from interviews.selectors.consent import watching_require
from interviews.selectors.scorecards import readings_require
from interviews.services.audit import audit_view
from ml.spans import Span

Action = AuditEntry.Action


class InterviewRunsView(APIView):
    throttle_classes = [RunStartThrottle]

    @extend_schema(request=RunWriteSerializer, responses={201: RunSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """Analyse the interview's recording again, or read another person of it."""
        interview = get_changeable_interview(request.user, interview_id)
        recording = interview.recordings.first()
        if recording is None:
            raise Refusal("no_recording", "This interview has no recording yet.")
        asked = validated(RunWriteSerializer, request)
        person = asked["person"] if "person" in asked else selectors.person_chosen(recording=recording)
        run = services.run_request(recording=recording, by=request.user, person=person)
        return Response(RunSerializer(selectors.run_state(run=run)).data, status=status.HTTP_201_CREATED)


class RunView(APIView):
    @extend_schema(responses=RunSerializer)
    def get(self, request: SignedInRequest, run_id: UUID) -> Response:
        """Status, stage and progress of a run; poll about once a second while it is active."""
        run = selectors.get_run(request.user, run_id)
        return Response(RunSerializer(selectors.run_state(run=run)).data)


class RunCancelView(APIView):
    @extend_schema(request=None, responses={200: RunSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, run_id: UUID) -> Response:
        """Cancel a queued run at once; a running one stops within about a second."""
        run = selectors.get_changeable_run(request.user, run_id)
        run = services.run_cancel(run=run, by=request.user)
        return Response(RunSerializer(selectors.run_state(run=run)).data)


class RunRetryView(APIView):
    throttle_classes = [RunStartThrottle]

    @extend_schema(request=None, responses={201: RunSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, run_id: UUID) -> Response:
        """Queue a new run in place of a failed or cancelled one, and answer the new run."""
        run = selectors.get_changeable_run(request.user, run_id)
        run = services.run_retry(run=run, by=request.user)
        return Response(RunSerializer(selectors.run_state(run=run)).data, status=status.HTTP_201_CREATED)


class ReportView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("calm", str, enum=["found"], description="Also relative to a calm stretch that is found."),
            OpenApiParameter("calm_from", str, description="Or to one that begins here: 0:05.0, or seconds,"),
            OpenApiParameter("calm_to", str, description="and ends here. Nothing of it is stored."),
        ],
        responses={200: ReportWithTranscriptSerializer, 409: ConflictSerializer},
    )
    def get(self, request: SignedInRequest, run_id: UUID) -> Response:
        """The report of a succeeded run; distributions relative to a calm stretch on request."""
        run = _get_succeeded(request, run_id)
        report = selectors.run_report_with_transcript(run=run, calm=calm_asked(request.query_params))
        _log(request, run, Action.REPORT_VIEWED, "report")
        return Response(report)


class PersonPictureView(APIView):
    @extend_schema(responses={(200, "image/jpeg"): bytes, 409: ConflictSerializer})
    def get(self, request: SignedInRequest, run_id: UUID, number: int) -> HttpResponse:
        """The face of one of the people in view, as a small picture from the recording."""
        run = _get_succeeded(request, run_id)
        watching_require(interview=run.recording.interview)
        picture = selectors.run_person_picture(run=run, number=number)
        _log(request, run, Action.FRAME_VIEWED, "face")
        return HttpResponse(picture, content_type="image/jpeg")


class RunComparisonView(APIView):
    @extend_schema(responses=ComparisonSerializer)
    def get(self, request: SignedInRequest, before_id: UUID, after_id: UUID) -> Response:
        """Two succeeded runs of one interview side by side: versions, shares, metrics, and what differs."""
        before, after = selectors.get_run_pair(request.user, before_id, after_id)
        readings_require(interview=after.recording.interview, user=request.user)
        _log(request, after, Action.REPORT_VIEWED, f"beside {before.pk}")
        return Response(selectors.runs_compare(before=before, after=after))


class TimelinesView(APIView):
    @extend_schema(responses={200: TimelinesSerializer, 409: ConflictSerializer})
    def get(self, request: SignedInRequest, run_id: UUID) -> Response:
        """Every interval that the report's numbers were computed from."""
        run = _get_succeeded(request, run_id)
        _log(request, run, Action.EXPORTED, "timelines")
        return Response(selectors.run_timelines(run=run))


class LaneTileView(APIView):
    @extend_schema(responses={200: LaneTileSerializer, 409: ConflictSerializer})
    def get(self, request: SignedInRequest, run_id: UUID, level: int, number: int) -> HttpResponse:
        """One tile of the lanes at one resolution. Level 0 is one tile of the whole recording; each level has four
        times as many tiles as the one before, and the last has the observations themselves."""
        return _piece(request, run_id, f"tile/{level}/{number}")


class StretchesView(APIView):
    @extend_schema(parameters=[WithinSerializer], responses={200: StretchesSerializer, 409: ConflictSerializer})
    def get(self, request: SignedInRequest, run_id: UUID, modality: str, label: str) -> HttpResponse:
        """The seconds of one label, or without a reading for one reason: the longest thousand stretches, in order.
        ``face_and_eyes`` and ``differ`` are the seconds in which face and eyes were read as different emotions.
        Within a part, a modality and ``read`` are all that was read of it, and ``talk`` with ``talk``, ``others``,
        ``before`` (the first word) or ``pauses`` is who spoke when."""
        within = _within(request)
        if within is None:
            return _piece(request, run_id, f"stretches/{modality}/{label}")
        run = _get_succeeded(request, run_id)
        found = selectors.run_part_stretches(run=run, kind=modality, label=label, within=within)
        _log_view(request, run)
        return Response(found)


class ExplanationView(APIView):
    @extend_schema(parameters=[WithinSerializer], responses={200: ExplanationSerializer, 409: ConflictSerializer})
    def get(self, request: SignedInRequest, run_id: UUID, metric: str) -> Response:
        """Why a metric has its value: its formula, the seconds of this recording in it, and where they are. A part is
        measured as if the recording were that part and a question stood at its beginning."""
        run = _get_succeeded(request, run_id)
        found = selectors.run_explanation(run=run, metric=metric, within=_within(request))
        _log_view(request, run)
        return Response(found)


def _within(request: SignedInRequest) -> Span | None:
    """The part of the recording that is asked for; None for all of it."""
    asked = WithinSerializer(data=request.query_params)
    asked.is_valid(raise_exception=True)
    part = asked.validated_data
    return (part["from_s"], part["to_s"]) if part else None


def _piece(request: SignedInRequest, run_id: UUID, key: str) -> HttpResponse:
    run = _get_succeeded(request, run_id)
    services.lane_file_ensure(run=run)
    piece = selectors.run_lane_piece(run=run, key=key)
    _log_view(request, run)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(gzip.decompress(piece), content_type="application/json")
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return HttpResponse(piece, content_type="application/json", headers=headers)


def _log_view(request: SignedInRequest, run: AnalysisRun) -> None:
    """As the report's page logs it, so that its parts make no entries of their own."""
    interview = run.recording.interview
    audit_view(action=Action.REPORT_VIEWED, by=request.user, interview=interview, what=run.pk, run=run.pk)


def _log(request: SignedInRequest, run: AnalysisRun, action: str, part: str) -> None:
    interview = run.recording.interview
    audit_view(action=action, by=request.user, interview=interview, what=f"{run.pk} {part}", run=run.pk, part=part)


def _get_succeeded(request: SignedInRequest, run_id: UUID) -> AnalysisRun:
    run = selectors.get_run(request.user, run_id)
    if run.status != AnalysisRun.Status.SUCCEEDED:
        raise Refusal("no_report", "This analysis has not succeeded, so there is no report of it.")
    readings_require(interview=run.recording.interview, user=request.user)
    return run
