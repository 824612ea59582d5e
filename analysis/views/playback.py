"""The views that stream what browsers play in place of a recording, and its poster."""

from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from analysis.models import Playback
from analysis.selectors.playback import get_playback
from interviews.file_responses import StoredFile, file_response


@login_required
@require_safe
async def playback_copy(request: HttpRequest, playback_id: UUID) -> HttpResponseBase:
    """The playable copy, or the part of it that the ``Range`` header asks for."""
    playback = await sync_to_async(get_playback)(await request.auser(), playback_id)
    return await _response(request, playback, playback.copy)


@login_required
@require_safe
async def playback_poster(request: HttpRequest, playback_id: UUID) -> HttpResponseBase:
    """The poster."""
    playback = await sync_to_async(get_playback)(await request.auser(), playback_id)
    return await _response(request, playback, playback.poster)


async def _response(request: HttpRequest, playback: Playback, file: FieldFile) -> HttpResponseBase:
    if not file:
        raise Http404
    # A new file has a new name.
    return await file_response(request, StoredFile(file, str(file.name), playback.finished_at or playback.created_at))
