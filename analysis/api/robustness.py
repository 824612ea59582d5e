"""How far a report's numbers move when its recording is corrupted. For another organization's run the answer is 404."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from analysis import selectors, services
from analysis.api.throttles import RobustnessStartThrottle
from analysis.models import AnalysisRun, Robustness
from analysis.selectors.robustness import NONE, get_robustness, robustness_state
from interviews.api.base import ConflictSerializer, SignedInRequest
from interviews.models import AuditEntry
from interviews.selectors.scorecards import readings_require
from interviews.services.audit import audit_view

STATES: Final = [(NONE, "Not asked for"), *Robustness.Status.choices]


class LargestShiftSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # as in MostApartSerializer
    moved = serializers.FloatField(help_text="Share under the corruption less the report's own, -1..1.")


class LargestGapSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(help_text="Why it was not read, a key as in the report's gaps.")
    moved_s = serializers.FloatField(help_text="Seconds under the corruption less the report's own.")


class ModalityShiftSerializer(serializers.Serializer[Any]):
    distance = serializers.FloatField(
        allow_null=True, help_text="Distance of the two distributions, 0..1; null where too little was observed."
    )
    largest = LargestShiftSerializer(allow_null=True, help_text="The label whose share moves most.")
    coverage = serializers.FloatField(help_text="Observed share of the stretches under the corruption, 0..1.")
    own_coverage = serializers.FloatField(help_text="Observed share of the stretches in the report itself, 0..1.")
    largest_gap = LargestGapSerializer(allow_null=True, help_text="Where less is read, what takes most of it.")


class MetricShiftSerializer(serializers.Serializer[Any]):
    own = serializers.FloatField(allow_null=True, help_text="Of the stretches in the report itself, 0..1.")
    value = serializers.FloatField(allow_null=True, help_text="Under the corruption, 0..1.")
    moved = serializers.FloatField(allow_null=True, help_text="Their difference.")


class CorruptionSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="``none`` is the recording measured again as it is.")
    name = serializers.CharField()
    explanation = serializers.CharField()
    modalities = serializers.DictField(child=ModalityShiftSerializer())
    metrics = serializers.DictField(child=MetricShiftSerializer())


class RobustnessSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=STATES)
    progress = serializers.FloatField(help_text="0..1")
    stage = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True, help_text="Why it failed, as a sentence.")
    can_start = serializers.BooleanField()
    is_outdated = serializers.BooleanField(help_text="Whether question marks have changed since it was measured.")
    finished_at = serializers.DateTimeField(allow_null=True)
    stretches = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()), help_text="[start_s, end_s] of what was measured."
    )
    measured = serializers.CharField(allow_blank=True, help_text="The same as a sentence.")
    corruptions = CorruptionSerializer(many=True)


class RobustnessView(APIView):
    def get_throttles(self) -> list[Any]:
        return [RobustnessStartThrottle()] if self.request.method == "POST" else []

    @extend_schema(responses={200: RobustnessSerializer, 409: ConflictSerializer})
    def get(self, request: SignedInRequest, run_id: UUID) -> Response:
        """How far shares and metrics move under corruptions, or how far measuring is; poll while it is active."""
        run = _get_run(request, run_id)
        audit_view(
            action=AuditEntry.Action.REPORT_VIEWED,
            by=request.user,
            interview=run.recording.interview,
            what=run.pk,
            run=run.pk,
        )
        return _answer(run)

    @extend_schema(request=None, responses={202: RobustnessSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, run_id: UUID) -> Response:
        """Have a succeeded run measured again on corrupted stretches of its recording, in the background."""
        run = _get_run(request, run_id)
        services.robustness_request(run=run, by=request.user)
        return _answer(run, status.HTTP_202_ACCEPTED)


class RobustnessCancelView(APIView):
    @extend_schema(request=None, responses={200: RobustnessSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, run_id: UUID) -> Response:
        """Cancel what is queued at once; what is running stops within about a second."""
        run = _get_run(request, run_id)
        services.robustness_cancel(robustness=get_robustness(run), by=request.user)
        return _answer(run)


def _get_run(request: SignedInRequest, run_id: UUID) -> AnalysisRun:
    run = selectors.get_run(request.user, run_id)
    readings_require(interview=run.recording.interview, user=request.user)
    return run


def _answer(run: AnalysisRun, code: int = status.HTTP_200_OK) -> Response:
    return Response(RobustnessSerializer(robustness_state(run=run)).data, status=code)
