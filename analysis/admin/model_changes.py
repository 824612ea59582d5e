"""The change log of the registry: read here, written by the services, changed by nobody."""

from __future__ import annotations

from django.contrib import admin

from analysis.models import ModelChange
from interviews.admin import ReadOnly


@admin.register(ModelChange)
class ModelChangeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("at", "by_name", "action", "modality", "old_label", "new_label", "reason")
    list_display_links = None
    list_filter = ("modality", "action", "at")
    search_fields = ("by_name", "old_label", "new_label", "reason")
    list_per_page = 50
