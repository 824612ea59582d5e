"""Robustness in the admin, read-only: its states."""

from django.contrib import admin

from analysis.models import Robustness
from interviews.break_glass import PeoplesData


@admin.register(Robustness)
class RobustnessAdmin(PeoplesData):
    list_display = ("run", "status", "stage", "progress", "attempts", "created_at", "finished_at", "requested_by")
    list_filter = ("status", "created_at")
    list_select_related = ("run", "requested_by")
    search_fields = ("reason",)
