"""Notes on an interview; whoever sees it reads them and writes their own. Otherwise the answer is 404."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from interviews.api.base import ConflictSerializer, SignedInRequest, validated
from interviews.models import Interview
from interviews.selectors import get_interview
from interviews.selectors.notes import get_note, notes_threads, questions_unasked
from interviews.services.notes import note_add, note_delete, note_edit


class NoteTextBeforeSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    at_s = serializers.FloatField(allow_null=True)
    end_s = serializers.FloatField(allow_null=True)
    replaced_at = serializers.DateTimeField()


class ReplySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    at_s = serializers.FloatField(allow_null=True, help_text="Null for a note on the whole interview.")
    end_s = serializers.FloatField(allow_null=True, help_text="Null for a note at one second.")
    text = serializers.CharField()
    author = serializers.CharField()
    is_own = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    mentions = serializers.ListField(child=serializers.CharField(), help_text="Names of those who were mentioned.")
    history = NoteTextBeforeSerializer(many=True, help_text="What it was before each edit, the oldest first.")


class InterviewNoteSerializer(ReplySerializer):
    replies = ReplySerializer(many=True)


class InterviewNotesSerializer(serializers.Serializer[Any]):
    notes = InterviewNoteSerializer(many=True)
    unasked = serializers.ListField(
        child=serializers.CharField(), help_text="Questions prepared for the live interview and not asked."
    )


class NoteEditSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=4000, allow_blank=True)
    at_s = serializers.FloatField(allow_null=True, default=None)
    end_s = serializers.FloatField(allow_null=True, default=None)


class NoteAddSerializer(NoteEditSerializer):
    answers = serializers.UUIDField(allow_null=True, default=None, help_text="The note that is answered.")


class NotesView(APIView):
    @extend_schema(responses=InterviewNotesSerializer)
    def get(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """The notes with their replies, in the order of the recording, and the questions that were not asked."""
        return _answer(get_interview(request.user, interview_id), request)

    @extend_schema(request=NoteAddSerializer, responses={201: InterviewNotesSerializer})
    def post(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """Write a note or a reply; ``@`` before a colleague's name mentions them."""
        interview = get_interview(request.user, interview_id)
        fields = validated(NoteAddSerializer, request)
        answered = fields.pop("answers")
        parent = get_note(request.user, interview, answered) if answered else None
        note_add(interview=interview, by=request.user, parent=parent, **fields)
        return _answer(interview, request, status.HTTP_201_CREATED)


class NoteView(APIView):
    @extend_schema(request=NoteEditSerializer, responses=InterviewNotesSerializer)
    def put(self, request: SignedInRequest, interview_id: UUID, note_id: UUID) -> Response:
        """Replace text and place of one's own note; what it was is kept."""
        interview = get_interview(request.user, interview_id)
        note = get_note(request.user, interview, note_id)
        note_edit(note=note, by=request.user, **validated(NoteEditSerializer, request))
        return _answer(interview, request)

    @extend_schema(responses={200: InterviewNotesSerializer, 409: ConflictSerializer})
    def delete(self, request: SignedInRequest, interview_id: UUID, note_id: UUID) -> Response:
        """Delete one's own note, unless somebody has answered it."""
        interview = get_interview(request.user, interview_id)
        note_delete(note=get_note(request.user, interview, note_id), by=request.user)
        return _answer(interview, request)


def _answer(interview: Interview, request: SignedInRequest, code: int = status.HTTP_200_OK) -> Response:
    notes = notes_threads(interview=interview, user=request.user)
    return Response({"notes": notes, "unasked": questions_unasked(interview=interview)}, status=code)
