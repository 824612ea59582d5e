"""The state of a live room with the newest run of its recording, and operations that change it.

For another organization's rooms the answer is 404; for operations reserved to the host it is 403.
"""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from analysis.api.serializers import RunSerializer
from analysis.selectors import run_latest, run_state
from interviews.api.base import ConflictSerializer, SignedInRequest, validated
from interviews.api.room_serializers import RoomChangeSerializer, RoomStateSerializer
from interviews.models import Room
from interviews.selectors import get_controlled_room, get_room, room_state
from interviews.services import rooms as services


class RoomSerializer(RoomStateSerializer):
    run = RunSerializer(allow_null=True, help_text="The newest analysis of the stored recording.")


class RoomView(APIView):
    @extend_schema(responses=RoomSerializer)
    def get(self, request: SignedInRequest, room_id: UUID) -> Response:
        """How the room stands."""
        return _state(get_room(request.user, room_id))

    @extend_schema(request=RoomChangeSerializer, responses=RoomSerializer)
    def patch(self, request: SignedInRequest, room_id: UUID) -> Response:
        """Hide the live readings from the host, or show them."""
        room = get_controlled_room(request.user, room_id)
        return _state(services.room_blind_set(room=room, **validated(RoomChangeSerializer, request)))


class RoomOpenView(APIView):
    @extend_schema(request=None, responses={200: RoomSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, room_id: UUID) -> Response:
        """Let the candidate in: the interview begins."""
        return _state(services.room_open(room=get_controlled_room(request.user, room_id), by=request.user))


class RoomEndView(APIView):
    @extend_schema(request=None, responses=RoomSerializer)
    def post(self, request: SignedInRequest, room_id: UUID) -> Response:
        """End the interview for everybody; its recording is stored as soon as it has arrived."""
        return _state(services.room_end(room=get_controlled_room(request.user, room_id), by=request.user))


class RoomStoreView(APIView):
    @extend_schema(request=None, responses={200: RoomSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, room_id: UUID) -> Response:
        """Try again to store a recording that could not be stored."""
        return _state(services.room_store_retry(room=get_controlled_room(request.user, room_id)))


def _state(room: Room) -> Response:
    run = run_latest(interview=room.interview)
    state = {**room_state(room=room), "run": run and run_state(run=run)}
    return Response(RoomSerializer(state).data)
