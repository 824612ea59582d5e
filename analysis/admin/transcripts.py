"""Transcripts in the admin, read-only: their states. The list omits the transcribed text."""

from django.contrib import admin

from analysis.models import Transcript
from interviews.break_glass import PeoplesData


@admin.register(Transcript)
class TranscriptAdmin(PeoplesData):
    list_display = ("recording", "status", "stage", "progress", "attempts", "created_at", "finished_at", "requested_by")
    list_filter = ("status", "created_at")
    list_select_related = ("recording", "requested_by")
    search_fields = ("reason",)
