"""Recordings on their way in. Somebody else's upload answers 404."""

from io import BytesIO
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from interviews import services
from interviews.api.base import SignedInRequest, validated
from interviews.api.serializers import ReceivedSerializer, UploadBeginSerializer, UploadSerializer
from interviews.selectors import get_own_upload


class UploadThrottle(UserRateThrottle):
    scope = "upload"
    rate = "120/hour"


class UploadsView(APIView):
    throttle_classes = [UploadThrottle]

    @extend_schema(request=UploadBeginSerializer, responses={201: UploadSerializer})
    def post(self, request: SignedInRequest) -> Response:
        """Announce a recording; then send it piece by piece."""
        fields = validated(UploadBeginSerializer, request)
        upload = services.upload_begin(by=request.user, **fields)
        return Response(UploadSerializer(upload).data, status=status.HTTP_201_CREATED)


class UploadView(APIView):
    @extend_schema(responses=UploadSerializer)
    def get(self, request: SignedInRequest, upload_id: UUID) -> Response:
        """How much of an upload has arrived."""
        return Response(UploadSerializer(get_own_upload(request.user, upload_id)).data)

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        parameters=[OpenApiParameter("offset", int, required=True)],
        responses={200: ReceivedSerializer, 409: ReceivedSerializer},
    )
    def put(self, request: SignedInRequest, upload_id: UUID) -> Response:
        """Append one piece. 409 says where to go on when the offset is not where the last piece ended."""
        upload = get_own_upload(request.user, upload_id)
        offset = request.query_params.get("offset", "")
        if not (offset.isascii() and offset.isdecimal() and len(offset) < 19):
            raise ValidationError({"offset": ["Say at which byte of the file this piece starts."]})
        upload = services.upload_append(upload=upload, offset=int(offset), piece=request.stream or BytesIO())
        return Response({"received_bytes": upload.received_bytes})

    @extend_schema(responses={204: None})
    def delete(self, request: SignedInRequest, upload_id: UUID) -> Response:
        """Give an upload up; its bytes are removed."""
        services.upload_discard(upload=get_own_upload(request.user, upload_id))
        return Response(status=status.HTTP_204_NO_CONTENT)
