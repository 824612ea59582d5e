"""Playback in the admin, read-only: the state of copies and posters."""

from django.contrib import admin

from analysis.models import Playback
from interviews.break_glass import PeoplesData


@admin.register(Playback)
class PlaybackAdmin(PeoplesData):
    list_display = ("recording", "status", "progress", "attempts", "obstacle", "created_at", "finished_at")
    list_filter = ("status", "created_at")
    list_select_related = ("recording",)
    search_fields = ("reason", "recording__original_name")
    exclude = ("copy", "poster")  # the admin's links to stored files lead nowhere
