"""What the player plays of an interview's recording. For another organization's interview the answer is 404."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from analysis.api.throttles import PlaybackStartThrottle
from analysis.selectors.playback import STATES, playback_of
from analysis.services import playback_copy_request
from interviews.api.base import ConflictSerializer, SignedInRequest
from interviews.models import Recording
from interviews.selectors import changeable_require, get_recording


class PlaybackSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=STATES)
    url = serializers.CharField(allow_blank=True, help_text="What the player plays; understands ranges.")
    poster = serializers.CharField(allow_blank=True, help_text="One picture of the recording, as JPEG.")
    obstacle = serializers.CharField(allow_blank=True, help_text="Why browsers do not play the original.")
    reason = serializers.CharField(allow_blank=True, help_text="Why no copy could be made.")
    progress = serializers.FloatField(help_text="0..1")


class PlaybackView(APIView):
    def get_throttles(self) -> list[Any]:
        return [PlaybackStartThrottle()] if self.request.method == "POST" else []

    @extend_schema(responses=PlaybackSerializer)
    def get(self, request: SignedInRequest, recording_id: UUID) -> Response:
        """How a recording is played; poll about once a second while a copy is being prepared."""
        return _answer(get_recording(request.user, recording_id))

    @extend_schema(request=None, responses={202: PlaybackSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, recording_id: UUID) -> Response:
        """Ask for a copy of what this browser does not play, or again for one that could not be made."""
        recording = get_recording(request.user, recording_id)
        changeable_require(request.user, recording.interview)
        playback_copy_request(recording=recording)
        return _answer(recording, status.HTTP_202_ACCEPTED)


def _answer(recording: Recording, code: int = status.HTTP_200_OK) -> Response:
    return Response(PlaybackSerializer(playback_of(recording=recording)).data, status=code)
