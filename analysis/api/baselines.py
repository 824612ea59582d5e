"""The option to read a run relative to the person's own calm stretch."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from analysis import selectors, services
from analysis.api.serializers import BaselineWriteSerializer
from analysis.api.transcript_serializers import ReportWithTranscriptSerializer
from analysis.models import AnalysisRun
from interviews.api.base import ConflictSerializer, SignedInRequest, validated
from interviews.models import AuditEntry
from interviews.selectors.scorecards import readings_require
from interviews.services.audit import audit_append


class RunBaselineView(APIView):
    @extend_schema(
        request=BaselineWriteSerializer, responses={200: ReportWithTranscriptSerializer, 409: ConflictSerializer}
    )
    def put(self, request: SignedInRequest, run_id: UUID) -> Response:
        """Read the run relative to a marked calm stretch or, without seconds, to one that is found; no model runs."""
        run = selectors.get_changeable_run(request.user, run_id)
        readings_require(interview=run.recording.interview, user=request.user)
        marked = validated(BaselineWriteSerializer, request)
        with transaction.atomic():
            run = services.baseline_set(run=run, **marked) if marked else services.baseline_find(run=run)
            _log(request, run, "baseline set" if marked else "baseline found")
        return Response(selectors.run_report_with_transcript(run=run))

    @extend_schema(request=None, responses={200: ReportWithTranscriptSerializer, 409: ConflictSerializer})
    def delete(self, request: SignedInRequest, run_id: UUID) -> Response:
        """Show the run as it was read."""
        run = selectors.get_changeable_run(request.user, run_id)
        readings_require(interview=run.recording.interview, user=request.user)
        with transaction.atomic():
            run = services.baseline_clear(run=run)
            _log(request, run, "baseline cleared")
        return Response(selectors.run_report_with_transcript(run=run))


def _log(request: SignedInRequest, run: AnalysisRun, change: str) -> None:
    action, interview = AuditEntry.Action.READINGS_CHANGED, run.recording.interview
    audit_append(action=action, by=request.user, interview=interview, run=run.pk, change=change)
