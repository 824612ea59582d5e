"""The views that stream what browsers play in place of a recording, and its poster."""

from typing import cast
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from analysis.models import Playback
from analysis.selectors.playback import get_playback
from interviews.file_responses import StoredFile, file_response
from interviews.models import AuditEntry, User
from interviews.services.audit import audit_view


@login_required
@require_safe
async def playback_copy(request: HttpRequest, playback_id: UUID) -> HttpResponseBase:
    """The playable copy, or the part of it that the ``Range`` header asks for."""
    user = cast(User, await request.auser())
    playback = await sync_to_async(get_playback)(user, playback_id)
    await sync_to_async(_log)(playback, user, AuditEntry.Action.RECORDING_PLAYED)
    return await _response(request, playback, playback.copy)


@login_required
@require_safe
async def playback_poster(request: HttpRequest, playback_id: UUID) -> HttpResponseBase:
    """The poster."""
    user = cast(User, await request.auser())
    playback = await sync_to_async(get_playback)(user, playback_id)
    await sync_to_async(_log)(playback, user, AuditEntry.Action.FRAME_VIEWED)
    return await _response(request, playback, playback.poster)


def _log(playback: Playback, user: User, action: str) -> None:
    recording = playback.recording
    audit_view(action=action, by=user, interview=recording.interview, what=recording.pk, recording=recording.pk)


async def _response(request: HttpRequest, playback: Playback, file: FieldFile) -> HttpResponseBase:
    if not file:
        raise Http404
    # A new file has a new name.
    return await file_response(request, StoredFile(file, str(file.name), playback.finished_at or playback.created_at))
