"""The change log of the registry, read-only; services write it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from analysis.models import ModelChange
from interviews.break_glass import ReadOnly


@admin.register(ModelChange)
class ModelChangeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("at", "by_name", "action", "modality", "versions", "reason")
    list_display_links = None
    list_filter = ("modality", "action", "at")
    search_fields = ("by_name", "old_label", "new_label", "reason")
    list_per_page = 50

    @admin.display(description="versions")
    def versions(self, change: ModelChange) -> str:
        return " → ".join(filter(None, (change.old_label, change.new_label)))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Change log of model versions"})
