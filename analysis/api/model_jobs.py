"""Imports, evaluations and trainings of model versions, for whoever has the rights of the admin's pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from analysis.models import Modality, ModelJob, ModelVersion
from analysis.permissions import RegistryPermission
from analysis.services import jobs
from interviews.api.base import ConflictSerializer, SignedInRequest, validated
from interviews.api.parsing import LARGEST_INTEGER, FiniteField, JSONParser
from interviews.api.serializers import UploadSerializer
from interviews.selectors import get_own_upload


class ModelJobSerializer(serializers.ModelSerializer[ModelJob]):
    class Meta:
        model = ModelJob
        fields = (
            "id",
            "kind",
            "modality",
            "model_version",
            "status",
            "stage",
            "progress",
            "failure_reason",
            "log",
            "result",
            "created_at",
            "started_at",
            "finished_at",
        )


class ModelUploadBeginSerializer(serializers.Serializer[Any]):
    file_name = serializers.CharField(max_length=4096, trim_whitespace=False)
    size_bytes = serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER)


class ModelUploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(
        required=False, allow_empty_file=True, help_text="A .keras or .tflite file of at most 15 MB."
    )
    upload_id = serializers.UUIDField(required=False, help_text="Of a larger file, sent in pieces.")
    modality = serializers.ChoiceField(choices=Modality.choices)
    name = serializers.CharField(max_length=100)
    version = serializers.CharField(max_length=100)
    labels = serializers.CharField(help_text="Names of the outputs in their order, separated by commas.")
    mean = FiniteField(required=False, help_text="speech_emotion on MFCC: mean of its training inputs.")
    std = FiniteField(required=False, help_text="speech_emotion: their standard deviation.")
    data = serializers.CharField(required=False, allow_blank=True, default="")  # type: ignore[assignment]
    licence = serializers.CharField(required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("file" in attrs) == ("upload_id" in attrs):
            raise serializers.ValidationError({"file": ["Send a file, or the upload_id of one that was sent."]})
        return attrs


class ModelJobWriteSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[ModelJob.Kind.EVALUATE, ModelJob.Kind.TRAIN])
    modality = serializers.ChoiceField(choices=Modality.choices)
    model_version = serializers.PrimaryKeyRelatedField(
        queryset=ModelVersion.objects.all(), required=False, allow_null=True, default=None, help_text="To evaluate."
    )
    options = serializers.DictField(required=False, help_text="Of a training: version, recipe, epochs, seed.")


class ModelJobsView(ListAPIView[ModelJob]):
    """The jobs, the latest first."""

    permission_classes = [RegistryPermission]
    registry_model, registry_post = "modeljob", "add"
    serializer_class = ModelJobSerializer
    queryset = ModelJob.objects.all()

    @extend_schema(request=ModelJobWriteSerializer, responses={201: ModelJobSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest) -> Response:
        """Start an evaluation or a training with the data folder of the server."""
        job = jobs.model_job_request(by=request.user, **validated(ModelJobWriteSerializer, request))
        return _created(job)


class ModelUploadsView(APIView):
    permission_classes = [RegistryPermission]
    registry_model, registry_post = "modelversion", "add"

    @extend_schema(request=ModelUploadBeginSerializer, responses={201: UploadSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest) -> Response:
        """Announce a model file; then send it piece by piece to ``uploads/<id>/``, and import it by its id."""
        upload = jobs.model_upload_begin(by=request.user, **validated(ModelUploadBeginSerializer, request))
        return Response(UploadSerializer(upload).data, status=status.HTTP_201_CREATED)


class ModelImportView(APIView):
    permission_classes = [RegistryPermission]
    registry_model, registry_post = "modelversion", "add"
    parser_classes = [MultiPartParser, JSONParser]

    @extend_schema(request=ModelUploadSerializer, responses={201: ModelJobSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest) -> Response:
        """Send a model file. A job checks and converts it, and registers it as a candidate."""
        fields = validated(ModelUploadSerializer, request)
        given = {key: fields.pop(key) for key in ("mean", "std") if key in fields}
        fields["labels"] = [label.strip() for label in fields["labels"].split(",")]
        fields |= {"by": request.user, "preprocessing": given}
        if "upload_id" in fields:
            upload = get_own_upload(request.user, fields.pop("upload_id"))
            job = jobs.model_upload_finish(upload=upload, **fields)
        else:
            job = jobs.model_upload_receive(**fields)
        return _created(job)


class ModelJobView(APIView):
    permission_classes = [RegistryPermission]
    registry_model = "modeljob"

    @extend_schema(responses=ModelJobSerializer)
    def get(self, request: SignedInRequest, job_id: UUID) -> Response:
        """How far a job is; poll about once a second while it is active."""
        return Response(ModelJobSerializer(get_object_or_404(ModelJob, pk=job_id)).data)


class ModelJobCancelView(APIView):
    permission_classes = [RegistryPermission]
    registry_model = "modeljob"

    @extend_schema(request=None, responses={200: ModelJobSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, job_id: UUID) -> Response:
        """Cancel a queued job at once; a running one stops within seconds."""
        job = jobs.model_job_cancel(job=get_object_or_404(ModelJob, pk=job_id), by=request.user)
        return Response(ModelJobSerializer(job).data)


class ModelJobResumeView(APIView):
    permission_classes = [RegistryPermission]
    registry_model = "modeljob"

    @extend_schema(request=None, responses={200: ModelJobSerializer, 409: ConflictSerializer})
    def post(self, request: SignedInRequest, job_id: UUID) -> Response:
        """Go on with a cancelled or failed job; a training continues from its last checkpoint."""
        job = jobs.model_job_resume(job=get_object_or_404(ModelJob, pk=job_id), by=request.user)
        return Response(ModelJobSerializer(job).data)


def _created(job: ModelJob) -> Response:
    return Response(ModelJobSerializer(job).data, status=status.HTTP_201_CREATED)
