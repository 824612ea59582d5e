"""Question marks; each change recomputes the metrics. For another organization's interviews the answer is 404."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView

from analysis import selectors, services
from analysis.api.serializers import (
    QuestionsAndMetricsSerializer,
    QuestionsSerializer,
    QuestionWriteSerializer,
)
from analysis.api.throttles import RecomputeThrottle
from analysis.reporting.report import metrics_json
from interviews.api.base import ConflictSerializer, SignedInRequest, validated
from interviews.models import Interview
from interviews.selectors import get_changeable_interview, get_interview, get_question
from interviews.selectors.policy import interview_policy
from interviews.selectors.scorecards import rating_require
from interviews.services import question_add, question_change, question_remove


class QuestionsView(APIView):
    throttle_classes = [RecomputeThrottle]

    @extend_schema(responses=QuestionsSerializer)
    def get(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """The question marks in the order of the recording."""
        interview = get_interview(request.user, interview_id)
        return Response({"questions": selectors.questions_json(interview=interview)})

    @extend_schema(
        request=QuestionWriteSerializer, responses={201: QuestionsAndMetricsSerializer, 409: ConflictSerializer}
    )
    def post(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """Mark a question; the metrics are recomputed at once."""
        interview = get_changeable_interview(request.user, interview_id)
        rating_require(interview=interview, user=request.user)  # the answer has the metrics
        fields = validated(QuestionWriteSerializer, request)
        with transaction.atomic():
            question_add(interview=interview, by=request.user, **fields)
            answer = _recomputed(interview)
        return Response(answer, status=status.HTTP_201_CREATED)


class QuestionView(APIView):
    throttle_classes = [RecomputeThrottle]

    @extend_schema(
        request=QuestionWriteSerializer, responses={200: QuestionsAndMetricsSerializer, 409: ConflictSerializer}
    )
    def patch(self, request: SignedInRequest, interview_id: UUID, question_id: UUID) -> Response:
        """Move a question mark, or change its text; the metrics are recomputed at once."""
        interview = get_changeable_interview(request.user, interview_id)
        rating_require(interview=interview, user=request.user)
        question = get_question(request.user, interview, question_id)
        fields = validated(QuestionWriteSerializer, request, partial=True)
        with transaction.atomic():
            question_change(question=question, by=request.user, **fields)
            return Response(_recomputed(interview))

    @extend_schema(responses={200: QuestionsAndMetricsSerializer, 409: ConflictSerializer})
    def delete(self, request: SignedInRequest, interview_id: UUID, question_id: UUID) -> Response:
        """Remove a question mark; the metrics are recomputed at once."""
        interview = get_changeable_interview(request.user, interview_id)
        rating_require(interview=interview, user=request.user)
        question = get_question(request.user, interview, question_id)
        with transaction.atomic():
            question_remove(question=question, by=request.user)
            return Response(_recomputed(interview))


def _recomputed(interview: Interview) -> dict[str, Any]:
    metrics = services.metrics_recompute(interview=interview)
    if not interview_policy(interview=interview).shows_organization:
        metrics = []
    return {"questions": selectors.questions_json(interview=interview), "metrics": metrics_json(metrics)}
