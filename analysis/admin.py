"""For administrators of the installation: look, never edit. Runs are started and cancelled where recruiters do it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from analysis.models import AnalysisRun, MetricResult, ModalityResult, ModelVersion


class ReadOnly:
    """Mixin: rows are what happened. Deleting an interview deletes its runs and their files with it."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ModalityResultInline(ReadOnly, admin.TabularInline):
    model = ModalityResult
    fields = ("modality", "available", "coverage", "reason", "model_name", "model_version_label")


class MetricResultInline(ReadOnly, admin.TabularInline):
    model = MetricResult
    fields = ("metric", "value", "coverage", "reason", "definition")


@admin.register(AnalysisRun)
class AnalysisRunAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("id", "status", "stage", "progress", "attempts", "created_at", "finished_at", "requested_by")
    list_filter = ("status", "created_at")
    list_select_related = ("requested_by",)
    search_fields = ("id__exact", "failure_reason", "claim__exact")
    inlines = (ModalityResultInline, MetricResultInline)


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("modality", "name", "version", "is_default", "sha256", "created_at")
    list_filter = ("modality", "is_default")
    search_fields = ("name", "version", "sha256")
