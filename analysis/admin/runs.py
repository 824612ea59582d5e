"""Runs in the admin, read-only. They are started and cancelled on the recruiters' pages."""

from __future__ import annotations

from django.contrib import admin

from analysis.models import AnalysisRun, MetricResult, ModalityResult, RunModel
from interviews.break_glass import PeoplesData, ReadOnly


class RunModelInline(ReadOnly, admin.TabularInline):
    model = RunModel
    fields = ("modality", "role", "model_version", "sha256")


class ModalityResultInline(ReadOnly, admin.TabularInline):
    model = ModalityResult
    fields = ("modality", "available", "coverage", "reason", "model_name", "model_version_label")


class MetricResultInline(ReadOnly, admin.TabularInline):
    model = MetricResult
    fields = ("metric", "value", "coverage", "reason", "definition")


@admin.register(AnalysisRun)
class AnalysisRunAdmin(PeoplesData):
    list_display = ("recording", "status", "stage", "progress", "attempts", "created_at", "finished_at", "requested_by")
    list_filter = ("status", "created_at")
    list_select_related = ("recording", "requested_by")
    search_fields = ("failure_reason",)
    exclude = ("timeline_file",)  # the admin's links to stored files lead nowhere
    inlines = (RunModelInline, ModalityResultInline, MetricResultInline)
