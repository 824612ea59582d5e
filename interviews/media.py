"""Recordings over HTTP, with ranges, so that a player can seek."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse


@login_required
def recording_media(request: HttpRequest, recording_id: UUID) -> HttpResponse:
    return HttpResponse(status=501)
