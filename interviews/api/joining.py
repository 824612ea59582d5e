"""The live room for the candidate: no account, but a grant in the session that an invitation gave. 404 without it."""

import re
from io import BytesIO
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from interviews.api import room_serializers as shapes
from interviews.api.base import ConflictSerializer, validated
from interviews.models import Room, Take
from interviews.selectors import candidate_state, get_candidate_room
from interviews.selectors.room_state import calibration_json
from interviews.services import rooms as services

SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class CandidateView(APIView):
    """Base of these views: ``room`` is the one that this browser was let into, asked before anything is counted.

    The grant is in a cookie, so what changes something needs the CSRF token.
    """

    room: Room

    authentication_classes = []
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.room = get_candidate_room(request.session, kwargs["room_id"])
        SessionAuthentication().enforce_csrf(request)
        super().initial(request, *args, **kwargs)


class CalibrationThrottle(SimpleRateThrottle):
    """Limits the fits of one room, because each starts a process."""

    scope = "calibration"
    rate = "30/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        assert isinstance(view, CandidateView)
        return f"throttle-calibration-{view.room.pk}"


class JoinView(CandidateView):
    @extend_schema(responses=shapes.CandidateRoomSerializer)
    def get(self, request: Request, room_id: UUID) -> Response:
        """How the room stands, the words to agree to, and how much of the recording has arrived."""
        return Response(shapes.CandidateRoomSerializer(candidate_state(room=self.room)).data)


class JoinAgreementsView(CandidateView):
    @extend_schema(
        request=shapes.AgreementsWriteSerializer,
        responses={200: shapes.CandidateRoomSerializer, 409: ConflictSerializer},
    )
    def put(self, request: Request, room_id: UUID) -> Response:
        """Answer for each purpose; the last answer before the end stands."""
        room = self.room
        services.agreements_answer(room=room, **validated(shapes.AgreementsWriteSerializer, request))
        return Response(shapes.CandidateRoomSerializer(candidate_state(room=room)).data)


class JoinCalibrationView(CandidateView):
    throttle_classes = [CalibrationThrottle]

    @extend_schema(
        request=shapes.CalibrationWriteSerializer,
        responses={200: shapes.CalibrationAnswerSerializer, 409: ConflictSerializer},
    )
    def put(self, request: Request, room_id: UUID) -> Response:
        """Fit the gaze calibration to what was read while the candidate looked at the dots."""
        room = self.room
        fields = validated(shapes.CalibrationWriteSerializer, request)
        sentence = services.gaze_calibration_fit(room=room, samples=fields["samples"])
        room.refresh_from_db()
        return Response({**calibration_json(room=room), "sentence": sentence})


class JoinTakesView(CandidateView):
    @extend_schema(
        request=shapes.TakeBeginSerializer,
        responses={200: shapes.TakeSerializer, 201: shapes.TakeSerializer, 409: ConflictSerializer},
    )
    def post(self, request: Request, room_id: UUID) -> Response:
        """Announce that the recorder has started. 200 when this very take is known already."""
        room = self.room
        take, is_new = services.take_begin(room=room, **validated(shapes.TakeBeginSerializer, request))
        answer = {"number": take.number, "next_sequence": take.chunks.count()}
        return Response(answer, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


class JoinTakeView(CandidateView):
    @extend_schema(responses=shapes.NextSequenceSerializer)
    def get(self, request: Request, room_id: UUID, number: int) -> Response:
        """Which chunk comes next: where to go on after a reload."""
        return Response({"next_sequence": _take(self.room, number).chunks.count()})


class JoinChunkView(CandidateView):
    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        parameters=[OpenApiParameter("X-Chunk-Sha256", str, OpenApiParameter.HEADER, required=True)],
        responses={
            200: shapes.NextSequenceSerializer,
            409: shapes.NextSequenceSerializer,
            413: ConflictSerializer,
        },
    )
    def put(self, request: Request, room_id: UUID, number: int, sequence: int) -> Response:
        """Send one chunk; again is fine. 409: ``next_sequence`` says which comes next, or ``code`` why none does."""
        take = _take(self.room, number)
        sha256 = request.headers.get("X-Chunk-Sha256", "").lower()
        if not SHA256.fullmatch(sha256):
            raise ValidationError({"chunk": ["Say the SHA-256 of the chunk in the header X-Chunk-Sha256."]})
        body = request.stream or BytesIO()
        following = services.chunk_store(take=take, sequence=sequence, sha256=sha256, body=body)
        return Response({"next_sequence": following})


class JoinTakeFinishView(CandidateView):
    @extend_schema(request=shapes.TakeFinishSerializer, responses=shapes.NextSequenceSerializer)
    def post(self, request: Request, room_id: UUID, number: int) -> Response:
        """The recorder has stopped; chunks that are still missing may follow."""
        take = _take(self.room, number)
        services.take_finish(take=take, **validated(shapes.TakeFinishSerializer, request))
        return Response({"next_sequence": take.chunks.count()})


class JoinLeaveView(CandidateView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, room_id: UUID) -> Response:
        """The candidate leaves; coming back by the same link stays possible until the interview ends."""
        services.room_leave(room=self.room)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _take(room: Room, number: int) -> Take:
    return get_object_or_404(Take.objects.select_related("room"), room=room, number=number)
