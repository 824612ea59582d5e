"""The registry of model versions, for whoever has the rights of the admin's pages."""

from __future__ import annotations

import dataclasses
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from analysis import selectors, services
from analysis.api.model_serializers import (
    CanaryComparisonSerializer,
    CanarySerializer,
    CanaryWriteSerializer,
    ModelChangeSerializer,
    ModelVersionDetailSerializer,
    ModelVersionSerializer,
    ReasonSerializer,
    RollbackSerializer,
)
from analysis.models import Canary, Modality, ModelChange, ModelVersion
from analysis.permissions import RegistryPermission
from interviews.api.base import ConflictSerializer, SignedInRequest, validated

MODALITY = OpenApiParameter("modality", enum=Modality.values, description="Only this modality.")


class RegistryView(APIView):
    permission_classes = [RegistryPermission]
    registry_model = "modelversion"


@extend_schema(parameters=[MODALITY])
class ModelVersionsView(ListAPIView[ModelVersion]):
    """Every registered version."""

    permission_classes = [RegistryPermission]
    registry_model = "modelversion"
    serializer_class = ModelVersionSerializer

    def get_queryset(self) -> Any:
        return _of_modality(ModelVersion.objects.select_related("created_by"), self.request)


@extend_schema(parameters=[MODALITY])
class ModelChangesView(ListAPIView[ModelChange]):
    """The change log, the latest first."""

    permission_classes = [RegistryPermission]
    registry_model = "modelchange"
    serializer_class = ModelChangeSerializer

    def get_queryset(self) -> Any:
        return _of_modality(selectors.model_changes(), self.request)


class ModelVersionView(RegistryView):
    @extend_schema(responses=ModelVersionDetailSerializer)
    def get(self, request: SignedInRequest, version_id: UUID) -> Response:
        """A version with its manifest and evaluation, where it is used, and whether it drifts."""
        version = selectors.get_model_version(version_id)
        answer = {
            **ModelVersionSerializer(version).data,
            "manifest": version.manifest,
            "evaluation": version.evaluation,
            "usage": selectors.model_usage(version=version),
            "drift": dataclasses.asdict(selectors.model_drift(version=version)),
        }
        return Response(answer)

    @extend_schema(request=ReasonSerializer, responses={204: None, 409: ConflictSerializer})
    def delete(self, request: SignedInRequest, version_id: UUID) -> Response:
        """Remove a version that nothing was ever made with."""
        version = selectors.get_model_version(version_id)
        services.model_version_delete(version=version, by=request.user, **validated(ReasonSerializer, request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ModelActivateView(RegistryView):
    @extend_schema(request=ReasonSerializer, responses={200: ModelVersionSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, version_id: UUID) -> Response:
        """Have all new runs use this version; needs an evaluation above the floor, or a reason."""
        version = selectors.get_model_version(version_id)
        version = services.model_version_activate(
            version=version, by=request.user, **validated(ReasonSerializer, request)
        )
        return Response(ModelVersionSerializer(version).data)


class ModelRetireView(RegistryView):
    @extend_schema(request=ReasonSerializer, responses={200: ModelVersionSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, version_id: UUID) -> Response:
        """Take a version that is not active off the list."""
        version = selectors.get_model_version(version_id)
        version = services.model_version_retire(
            version=version, by=request.user, **validated(ReasonSerializer, request)
        )
        return Response(ModelVersionSerializer(version).data)


class ModelVerifyView(RegistryView):
    @extend_schema(request=None, responses=ModelVersionSerializer)
    def post(self, request: SignedInRequest, version_id: UUID) -> Response:
        """Compare the weights with what was registered, now; ``problem`` is a sentence, or empty."""
        version = selectors.get_model_version(version_id)
        services.weights_verify(version=version)
        return Response(ModelVersionSerializer(version).data)


class ModelRollbackView(RegistryView):
    @extend_schema(request=RollbackSerializer, responses={200: ModelVersionSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest) -> Response:
        """Put the version in service that was active before."""
        fields = validated(RollbackSerializer, request)
        version = services.model_version_rollback(by=request.user, **fields)
        return Response(ModelVersionSerializer(version).data)


class ModelCanariesView(RegistryView):
    @extend_schema(responses=CanarySerializer(many=True))
    def get(self, request: SignedInRequest, version_id: UUID) -> Response:
        """The trials of a version, the latest first."""
        canaries = selectors.get_model_version(version_id).canaries.select_related(
            "model_version", "organization", "started_by", "ended_by"
        )
        return Response(CanarySerializer(canaries, many=True).data)

    @extend_schema(request=CanaryWriteSerializer, responses={201: CanarySerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, version_id: UUID) -> Response:
        """Try a candidate on an organization or a share of new runs."""
        version = selectors.get_model_version(version_id)
        fields = validated(CanaryWriteSerializer, request)
        canary = services.canary_start(version=version, by=request.user, **fields)
        return Response(CanarySerializer(canary).data, status=status.HTTP_201_CREATED)


class CanaryView(RegistryView):
    @extend_schema(responses=CanaryComparisonSerializer)
    def get(self, request: SignedInRequest, canary_id: UUID) -> Response:
        """A trial, and what its version read beside what the active version read on the same recordings."""
        canary = _get_canary(canary_id)
        return Response({"canary": CanarySerializer(canary).data, **selectors.canary_comparison(canary=canary)})


class CanaryEndView(RegistryView):
    @extend_schema(request=ReasonSerializer, responses={200: CanarySerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, canary_id: UUID) -> Response:
        """End a trial; its runs keep their reports."""
        canary = _get_canary(canary_id)
        canary = services.canary_end(canary=canary, by=request.user, **validated(ReasonSerializer, request))
        return Response(CanarySerializer(canary).data)


def _get_canary(canary_id: UUID) -> Canary:
    canaries = Canary.objects.select_related("model_version", "organization", "started_by", "ended_by")
    return get_object_or_404(canaries, pk=canary_id)


def _of_modality(rows: Any, request: Request) -> Any:
    modality = request.query_params.get("modality")
    return rows.filter(modality=modality) if modality else rows
