"""The live room for host and observers: setting it up, inviting, questions, notes.

Another organization's rooms answer 404; what only the host may do, 403.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from interviews.api import room_serializers as shapes
from interviews.api.base import ConflictSerializer, SignedInRequest, validated
from interviews.models import AuditEntry, Note, PreparedQuestion, Question, Room
from interviews.room_pictures import picture_of
from interviews.selectors import get_controlled_room, get_room
from interviews.selectors.room_state import (
    note_json,
    notes_json,
    prepared_questions_json,
    question_json,
    room_questions_json,
)
from interviews.services import rooms as services
from interviews.services.audit import audit_view


class InvitationThrottle(UserRateThrottle):
    """Each sends a mail to somebody who has not asked for it."""

    scope = "invitation"
    rate = "60/hour"


class RoomsView(APIView):
    throttle_classes = [InvitationThrottle]

    @extend_schema(request=shapes.RoomCreateSerializer, responses={201: shapes.RoomCreatedSerializer})
    def post(self, request: SignedInRequest) -> Response:
        """Set up a live interview, with a room and the candidate's invitation."""
        room = services.room_create(by=request.user, **validated(shapes.RoomCreateSerializer, request))
        answer = {"id": room.pk, "url": reverse("room", args=[room.pk]), "invitation": _invite(request, room)}
        return Response(answer, status=status.HTTP_201_CREATED)


class RoomInvitationView(APIView):
    throttle_classes = [InvitationThrottle]

    @extend_schema(request=None, responses={201: shapes.IssuedSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, room_id: UUID) -> Response:
        """Create a new link for the candidate and mail it; the one before stops working."""
        return Response(_invite(request, get_controlled_room(request.user, room_id)), status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def delete(self, request: SignedInRequest, room_id: UUID) -> Response:
        """Withdraw the candidate's link."""
        services.invitation_revoke(room=get_controlled_room(request.user, room_id), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RoomDeviceView(APIView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: SignedInRequest, room_id: UUID) -> Response:
        """Let the candidate's other device in, in place of the one before."""
        room = get_controlled_room(request.user, room_id)
        services.invitation_device_answer(room=room, by=request.user, admit=True)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={204: None})
    def delete(self, request: SignedInRequest, room_id: UUID) -> Response:
        """Send the other device away."""
        room = get_controlled_room(request.user, room_id)
        services.invitation_device_answer(room=room, by=request.user, admit=False)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RoomPreparedQuestionsView(APIView):
    @extend_schema(responses=shapes.PreparedQuestionsSerializer)
    def get(self, request: SignedInRequest, room_id: UUID) -> Response:
        """The prepared questions in their order."""
        return Response({"questions": prepared_questions_json(room=get_room(request.user, room_id))})

    @extend_schema(request=shapes.PreparedQuestionsWriteSerializer, responses=shapes.PreparedQuestionsSerializer)
    def put(self, request: SignedInRequest, room_id: UUID) -> Response:
        """Replace the list; questions with a known id keep the mark they were given."""
        room = get_controlled_room(request.user, room_id)
        fields = validated(shapes.PreparedQuestionsWriteSerializer, request)
        services.prepared_questions_replace(room=room, by=request.user, **fields)
        return Response({"questions": prepared_questions_json(room=room)})


class RoomQuestionsView(APIView):
    @extend_schema(responses=shapes.RoomQuestionsSerializer)
    def get(self, request: SignedInRequest, room_id: UUID) -> Response:
        """The questions asked so far."""
        return Response({"questions": room_questions_json(room=get_room(request.user, room_id))})

    @extend_schema(
        request=shapes.RoomQuestionWriteSerializer,
        responses={201: shapes.RoomQuestionSerializer, 409: ConflictSerializer},
    )
    def post(self, request: SignedInRequest, room_id: UUID) -> Response:
        """Mark that a question is asked now, on the room's clock."""
        room = get_controlled_room(request.user, room_id)
        fields = validated(shapes.RoomQuestionWriteSerializer, request)
        prepared = None
        if "prepared" in fields:
            prepared = get_object_or_404(PreparedQuestion, pk=fields["prepared"], interview=room.interview_id)
        question = services.room_question_ask(room=room, by=request.user, prepared=prepared, text=fields["text"])
        return Response(question_json(question), status=status.HTTP_201_CREATED)


class RoomQuestionView(APIView):
    @extend_schema(responses={204: None, 409: ConflictSerializer})
    def delete(self, request: SignedInRequest, room_id: UUID, question_id: UUID) -> Response:
        """Take a mark back."""
        room = get_controlled_room(request.user, room_id)
        question = get_object_or_404(Question, pk=question_id, interview=room.interview_id)
        services.room_question_withdraw(room=room, question=question, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RoomNotesView(APIView):
    @extend_schema(responses=shapes.NotesSerializer)
    def get(self, request: SignedInRequest, room_id: UUID) -> Response:
        """Everybody's notes."""
        return Response({"notes": notes_json(room=get_room(request.user, room_id))})

    @extend_schema(request=shapes.NoteWriteSerializer, responses={201: shapes.NoteSerializer})
    def post(self, request: SignedInRequest, room_id: UUID) -> Response:
        """Write a note at this second of the room's clock; observers may, too."""
        room = get_room(request.user, room_id)
        note = services.room_note_add(room=room, by=request.user, **validated(shapes.NoteWriteSerializer, request))
        return Response(note_json(note), status=status.HTTP_201_CREATED)


class RoomNoteView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: SignedInRequest, room_id: UUID, note_id: UUID) -> Response:
        """Remove a note of one's own."""
        room = get_room(request.user, room_id)
        note = get_object_or_404(Note, pk=note_id, interview=room.interview_id)
        services.room_note_remove(room=room, note=note, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RoomFrameView(APIView):
    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 204: None})
    def get(self, request: SignedInRequest, room_id: UUID) -> HttpResponse:
        """The candidate's newest picture, for where no peer connection could be made; 204 while there is none."""
        room = get_room(request.user, room_id)
        picture = picture_of(room.pk)
        if picture is None:
            return HttpResponse(status=status.HTTP_204_NO_CONTENT)
        action = AuditEntry.Action.FRAME_VIEWED
        audit_view(action=action, by=request.user, interview=room.interview, what=room.pk, room=room.pk)
        return HttpResponse(picture, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


def _invite(request: SignedInRequest, room: Room) -> dict[str, Any]:
    issued = services.invitation_create(room=room, by=request.user)
    url = request.build_absolute_uri(reverse("join", args=[issued.token]))
    mailed = services.invitation_mail(invitation=issued.invitation, url=url)
    return {"url": url, "expires_at": issued.invitation.expires_at, "mailed": mailed}
