"""Uploads and interviews. Another organization's objects answer 404."""

from io import BytesIO
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import APIView

from analysis.selectors import interviews_with_run
from analysis.services import run_request, runs_delete
from interviews import services
from interviews.api.base import SignedInRequest, validated
from interviews.api.serializers import (
    CreatedSerializer,
    DuplicateSerializer,
    InterviewChangeSerializer,
    InterviewCreateSerializer,
    InterviewDetailSerializer,
    InterviewFilterSerializer,
    InterviewSerializer,
    ReceivedSerializer,
    UploadBeginSerializer,
    UploadSerializer,
)
from interviews.models import Interview
from interviews.permissions import can_delete_interview
from interviews.selectors import get_interview, get_own_upload, get_upload, interviews_search


class UploadsView(APIView):
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


class InterviewsView(APIView):
    @extend_schema(parameters=[InterviewFilterSerializer], responses=InterviewSerializer(many=True))
    def get(self, request: SignedInRequest) -> Response:
        """Interviews of the organization, newest first, in pages."""
        filters = InterviewFilterSerializer(data=request.query_params)
        filters.is_valid(raise_exception=True)
        fields = filters.validated_data
        interviews = interviews_search(
            user=request.user,
            text=fields.get("q", ""),
            position=fields.get("position"),
            owner=fields.get("owner"),
            created_from=fields.get("from"),
            created_to=fields.get("to"),
        )
        pages = PageNumberPagination()
        page = pages.paginate_queryset(
            interviews_with_run(interviews=interviews, status=fields.get("status", "")), request, view=self
        )
        return pages.get_paginated_response(InterviewSerializer(page, many=True).data)

    @extend_schema(request=InterviewCreateSerializer, responses={201: CreatedSerializer, 409: DuplicateSerializer})
    def post(self, request: SignedInRequest) -> Response:
        """Make an interview of a finished upload and request its analysis."""
        fields = validated(InterviewCreateSerializer, request)
        upload = get_upload(request.user, fields.pop("upload_id"))
        interview = services.interview_create(
            by=request.user,
            upload=upload,
            then=lambda recording: run_request(recording=recording, by=request.user),
            **fields,
        )
        answer = {"id": interview.pk, "url": reverse("interview_detail", args=[interview.pk])}
        return Response(answer, status=status.HTTP_201_CREATED)


class InterviewView(APIView):
    @extend_schema(responses=InterviewDetailSerializer)
    def get(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """One interview with its recordings."""
        return _detail(get_interview(request.user, interview_id))

    @extend_schema(request=InterviewChangeSerializer, responses=InterviewDetailSerializer)
    def patch(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """Say which language is spoken in an interview."""
        interview = get_interview(request.user, interview_id)
        fields = validated(InterviewChangeSerializer, request)
        return _detail(services.interview_language_set(interview=interview, **fields))

    @extend_schema(responses={204: None})
    def delete(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """Delete an interview with everything that was stored and computed; its owner and administrators may."""
        interview = get_interview(request.user, interview_id)
        if not can_delete_interview(request.user, interview):
            raise PermissionDenied("Only its owner or an administrator of the organization can delete an interview.")
        with transaction.atomic():
            runs_delete(interview=interview)
            services.interview_delete(interview=interview)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _detail(interview: Interview) -> Response:
    found = Interview.objects.filter(pk=interview.pk).prefetch_related("recordings")
    return Response(InterviewDetailSerializer(interviews_with_run(interviews=found).get()).data)
