"""The transcript of an interview. For another organization's interview the answer is 404."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from analysis import services
from analysis.api.throttles import RecomputeThrottle, TranscriptStartThrottle
from analysis.api.transcript_serializers import (
    CorrectionWriteSerializer,
    QuestionsMarkSerializer,
    SentenceSerializer,
    TranscriptMarkedSerializer,
    TranscriptSerializer,
)
from analysis.models import Transcript
from analysis.reporting.report import metrics_json
from analysis.selectors import questions_json, run_latest_succeeded
from analysis.selectors.transcripts import (
    get_sentence,
    get_transcript,
    get_transcript_shown,
    sentence_json,
    transcript_for,
    transcript_of,
    transcript_text,
    transcript_webvtt,
)
from analysis.transcripts import NO_RECORDING
from interviews.api.base import ConflictSerializer, SignedInRequest, validated
from interviews.errors import Refusal
from interviews.models import AuditEntry, Interview
from interviews.selectors import get_changeable_interview, get_interview
from interviews.selectors.policy import results_require
from interviews.selectors.scorecards import readings_locked, readings_require
from interviews.services.audit import audit_view


class TranscriptView(APIView):
    def get_throttles(self) -> list[Any]:
        return [TranscriptStartThrottle()] if self.request.method == "POST" else []

    @extend_schema(responses=TranscriptSerializer)
    def get(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """The transcript, how far it is, or why there is none; poll about once a second while it is active."""
        interview = get_interview(request.user, interview_id)
        results_require(interview=interview)
        if (transcript := transcript_of(interview=interview)) is not None:
            _log_view(request, interview, transcript)
        return _answer(request, interview)

    @extend_schema(request=None, responses={202: TranscriptSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """Ask for the transcript, or ask again after one that failed, was cancelled or refused."""
        interview = get_changeable_interview(request.user, interview_id)
        recording = interview.recordings.first()
        if recording is None:
            raise Refusal("no_recording", NO_RECORDING)
        results_require(interview=interview)
        services.transcript_request(recording=recording, by=request.user)
        return _answer(request, interview, status.HTTP_202_ACCEPTED)


class TranscriptCancelView(APIView):
    @extend_schema(request=None, responses={200: TranscriptSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """Cancel a queued transcript at once; a running one stops within about a second."""
        interview = get_changeable_interview(request.user, interview_id)
        services.transcript_cancel(transcript=get_transcript(request.user, interview), by=request.user)
        return _answer(request, interview)


class TranscriptSentenceView(APIView):
    @extend_schema(request=CorrectionWriteSerializer, responses=SentenceSerializer)
    def patch(self, request: SignedInRequest, interview_id: UUID, sentence_id: UUID) -> Response:
        """Correct a sentence, or take its correction back. What was recognised is kept, and no reading changes."""
        interview = get_changeable_interview(request.user, interview_id)
        readings_require(interview=interview, user=request.user)  # the answer has the sentence's readings
        sentence = get_sentence(request.user, interview, sentence_id)
        fields = validated(CorrectionWriteSerializer, request)
        sentence = services.sentence_correct(sentence=sentence, by=request.user, **fields)
        return Response(SentenceSerializer(sentence_json(interview=interview, sentence=sentence)).data)


class TranscriptQuestionsView(APIView):
    throttle_classes = [RecomputeThrottle]

    @extend_schema(
        request=QuestionsMarkSerializer, responses={200: TranscriptMarkedSerializer, 409: ConflictSerializer}
    )
    def post(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """Mark questions that were heard; the metrics are recomputed once. What is marked already is passed over."""
        interview = get_changeable_interview(request.user, interview_id)
        readings_require(interview=interview, user=request.user)  # the answer has the metrics
        transcript = get_transcript_shown(request.user, interview)
        fields = validated(QuestionsMarkSerializer, request)
        metrics = services.transcript_questions_mark(
            transcript=transcript, sentence_ids=fields["sentences"], by=request.user
        )
        answer = TranscriptSerializer(transcript_for(interview)).data
        marked = {"questions": questions_json(interview=interview), "metrics": metrics_json(metrics)}
        return Response({**answer, **marked})


class _TextRenderer(BaseRenderer):
    """Renders text unchanged, and a refusal as JSON with its reason, whatever format was requested."""

    media_type = "text/plain"
    format = "txt"
    charset = "utf-8"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return (data if isinstance(data, str) else json.dumps(data)).encode()


class _WebVttRenderer(_TextRenderer):
    media_type = "text/vtt"
    format = "vtt"


class TranscriptWebVttView(APIView):
    renderer_classes = [_WebVttRenderer]

    @extend_schema(
        parameters=[OpenApiParameter("download", bool, description="Save it as a file.")],
        responses={(200, "text/vtt"): OpenApiTypes.STR},
    )
    def get(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """Captions for the player, as WebVTT."""
        transcript = _exported(request, interview_id, "webvtt")
        response = Response(transcript_webvtt(transcript=transcript))
        return _saved(response, "transcript.vtt") if request.query_params.get("download") else response


class TranscriptTextView(APIView):
    renderer_classes = [_TextRenderer]

    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """The transcript as a file of plain text."""
        transcript = _exported(request, interview_id, "text")
        return _saved(Response(transcript_text(transcript=transcript)), "transcript.txt")


def _log_view(request: SignedInRequest, interview: Interview, transcript: Transcript) -> None:
    """As the report's page logs it, whose part it is; an entry of its own where there is no report."""
    run = run_latest_succeeded(interview=interview)
    details: dict[str, Any] = {"run": run.pk} if run is not None else {"transcript": transcript.pk}
    (what,) = details.values()
    audit_view(action=AuditEntry.Action.REPORT_VIEWED, by=request.user, interview=interview, what=what, **details)


def _exported(request: SignedInRequest, interview_id: UUID, part: str) -> Transcript:
    interview = get_interview(request.user, interview_id)
    results_require(interview=interview)
    transcript = get_transcript_shown(request.user, interview)
    what, action = f"{transcript.pk} {part}", AuditEntry.Action.EXPORTED
    audit_view(action=action, by=request.user, interview=interview, what=what, transcript=transcript.pk, part=part)
    return transcript


def _answer(request: SignedInRequest, interview: Interview, code: int = status.HTTP_200_OK) -> Response:
    state = transcript_for(interview)
    if readings_locked(interview=interview, user=request.user):
        state["sentences"] = [sentence | {"voice": None, "face": None} for sentence in state["sentences"]]
    return Response(TranscriptSerializer(state).data, status=code)


def _saved(response: Response, name: str) -> Response:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
