"""Interviews with the state of their analyses. For another organization's interviews the answer is 404."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from analysis.api.interview_serializers import (
    CreatedSerializer,
    DuplicateSerializer,
    InterviewChangeSerializer,
    InterviewCreateSerializer,
    InterviewDetailSerializer,
    InterviewSerializer,
)
from analysis.api.pagination import UncountedPagination
from analysis.api.throttles import InterviewCreateThrottle
from analysis.filters import InterviewFilter
from analysis.selectors import interviews_with_run
from analysis.services import interview_erase, upload_stored
from interviews import services
from interviews.api.base import SignedInRequest, validated
from interviews.models import Interview
from interviews.permissions import can_delete_interview
from interviews.selectors import get_changeable_interview, get_interview, get_upload, interviews_visible
from interviews.services.own_page import own_page_link_create, own_page_link_mail


class InterviewsView(ListAPIView[Interview]):
    """Interviews of the organization, newest first, in pages."""

    serializer_class = InterviewSerializer
    filter_backends = [DjangoFilterBackend]
    filterset_class = InterviewFilter
    pagination_class = UncountedPagination

    def get_throttles(self) -> list[Any]:
        return [InterviewCreateThrottle()] if self.request.method == "POST" else []

    @cached_property
    def visible(self) -> QuerySet[Interview]:
        return interviews_visible(user=self.request.user)

    def get_queryset(self) -> QuerySet[Interview]:
        return self.visible

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        return interviews_with_run(interviews=super().paginate_queryset(queryset) or ())

    @extend_schema(request=InterviewCreateSerializer, responses={201: CreatedSerializer, 409: DuplicateSerializer})
    def post(self, request: SignedInRequest) -> Response:
        """Make an interview of a finished upload and request its analysis."""
        fields = validated(InterviewCreateSerializer, request)
        upload = get_upload(request.user, fields.pop("upload_id"))
        interview = services.interview_create(
            by=request.user,
            upload=upload,
            then=lambda recording: upload_stored(recording=recording, by=request.user),
            **fields,
        )
        _tell_candidate(request, interview)
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
        interview = get_changeable_interview(request.user, interview_id)
        fields = validated(InterviewChangeSerializer, request)
        return _detail(services.interview_language_set(interview=interview, by=request.user, **fields))

    @extend_schema(responses={204: None})
    def delete(self, request: SignedInRequest, interview_id: UUID) -> Response:
        """Delete an interview with everything that was stored and computed; its owner and administrators may."""
        interview = get_interview(request.user, interview_id)
        if not can_delete_interview(request.user, interview):
            raise PermissionDenied("Only its owner or an administrator of the organization can delete an interview.")
        interview_erase(interview=interview, by=request.user)
        messages.success(request._request, f"The interview with {interview.candidate.name} was deleted.")
        return Response(status=status.HTTP_204_NO_CONTENT)


def _tell_candidate(request: SignedInRequest, interview: Interview) -> None:
    """The candidate is told what is held, with the link to their own page."""
    token = own_page_link_create(interview=interview, by=request.user)
    url = request.build_absolute_uri(reverse("own_page_door", args=[token]))
    own_page_link_mail(interview=interview, url=url)


def _detail(interview: Interview) -> Response:
    [found] = interviews_with_run(interviews=Interview.objects.filter(pk=interview.pk).prefetch_related("recordings"))
    return Response(InterviewDetailSerializer(found).data)
