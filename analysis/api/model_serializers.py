"""Serializers of the registry's API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from analysis.api.serializers import LeftOutSerializer, ReportModelSerializer, RunSerializer
from analysis.models import Canary, Modality, ModelChange, ModelVersion
from interviews.api.parsing import FiniteField
from interviews.models import Organization, User


class ModelVersionSerializer(serializers.ModelSerializer[ModelVersion]):
    created_by: serializers.SlugRelatedField[User] = serializers.SlugRelatedField(slug_field="email", read_only=True)

    class Meta:
        model = ModelVersion
        fields: tuple[str, ...] = (
            "id",
            "modality",
            "name",
            "version",
            "sha256",
            "source",
            "status",
            "latency_ms",
            "size_bytes",
            "created_by",
            "created_at",
            "activated_at",
            "problem",
            "checked_at",
        )


class UsageOrganizationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    runs = serializers.IntegerField()


class UsageSerializer(serializers.Serializer[Any]):
    runs = serializers.IntegerField()
    reports = serializers.IntegerField()
    shadows = serializers.IntegerField()
    active_runs = serializers.IntegerField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    organizations = UsageOrganizationSerializer(many=True)


class PeriodSerializer(serializers.Serializer[Any]):
    reports = serializers.IntegerField()
    observed_s = serializers.FloatField()
    labels = serializers.DictField(child=serializers.FloatField())
    confidences = serializers.ListField(child=serializers.FloatField(), help_text="Share per tenth of confidence.")
    mean_confidence = serializers.FloatField(allow_null=True)


class DriftSerializer(serializers.Serializer[Any]):
    at_activation = PeriodSerializer()
    recent = PeriodSerializer()
    label_index = serializers.FloatField(allow_null=True, help_text="Population stability index; 0 = the same.")
    confidence_index = serializers.FloatField(allow_null=True)
    warning = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


class ModelVersionDetailSerializer(ModelVersionSerializer):
    manifest = serializers.JSONField()
    evaluation = serializers.JSONField()
    usage = UsageSerializer()
    drift = DriftSerializer()

    class Meta(ModelVersionSerializer.Meta):
        fields = (*ModelVersionSerializer.Meta.fields, "manifest", "evaluation", "usage", "drift")


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class RollbackSerializer(ReasonSerializer):
    modality = serializers.ChoiceField(choices=Modality.choices)


class CanaryWriteSerializer(ReasonSerializer):
    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.all(), required=False, allow_null=True, default=None
    )
    share = FiniteField(required=False, default=1.0, help_text="Of the new runs, above 0 up to 1.")


class CanarySerializer(serializers.ModelSerializer[Canary]):
    version = serializers.CharField(source="model_version.version")
    started_by: serializers.SlugRelatedField[User] = serializers.SlugRelatedField(slug_field="email", read_only=True)
    ended_by: serializers.SlugRelatedField[User] = serializers.SlugRelatedField(slug_field="email", read_only=True)

    class Meta:
        model = Canary
        fields = (
            "id",
            "modality",
            "model_version",
            "version",
            "organization",
            "share",
            "reason",
            "started_by",
            "started_at",
            "ended_by",
            "ended_at",
        )


class CanaryLabelSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    trial = serializers.FloatField()
    active = serializers.FloatField()


class CanaryConfidenceSerializer(serializers.Serializer[Any]):
    trial = serializers.FloatField(allow_null=True)
    active = serializers.FloatField(allow_null=True)


class CanaryComparisonSerializer(serializers.Serializer[Any]):
    canary = CanarySerializer()
    recordings = serializers.IntegerField()
    compared_s = serializers.FloatField()
    agreement = serializers.FloatField(allow_null=True)
    labels = CanaryLabelSerializer(many=True)
    mean_confidence = CanaryConfidenceSerializer()


class ModelChangeSerializer(serializers.ModelSerializer[ModelChange]):
    class Meta:
        model = ModelChange
        fields = ("id", "at", "by_name", "action", "modality", "old_label", "new_label", "reason")


class ComparedModalitySideSerializer(serializers.Serializer[Any]):
    available = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    observed_s = serializers.FloatField()
    coverage = serializers.FloatField()
    model = ReportModelSerializer(allow_null=True)


class ComparedShareSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.FloatField(allow_null=True)
    after = serializers.FloatField(allow_null=True)
    difference = serializers.FloatField(allow_null=True)


class ComparedModalitySerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    model_changed = serializers.BooleanField()
    before = ComparedModalitySideSerializer()
    after = ComparedModalitySideSerializer()
    shares = ComparedShareSerializer(many=True)


class ComparedMetricSideSerializer(serializers.Serializer[Any]):
    value = serializers.FloatField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    definition = serializers.CharField()
    coverage = serializers.FloatField(allow_null=True)


class ComparedMetricSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    before = ComparedMetricSideSerializer()
    after = ComparedMetricSideSerializer()
    difference = serializers.FloatField(allow_null=True)


class ComparisonSerializer(serializers.Serializer[Any]):
    before = RunSerializer()
    after = RunSerializer()
    modalities = ComparedModalitySerializer(many=True)
    metrics = ComparedMetricSerializer(many=True)
    changes = serializers.ListField(child=serializers.CharField(), help_text="What differs, in sentences.")
    left_out = LeftOutSerializer(many=True, help_text="What policy leaves out, by rule.")
