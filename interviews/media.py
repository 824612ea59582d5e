"""The view that streams recordings."""

from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from interviews.file_responses import StoredFile, file_response
from interviews.selectors import get_recording


@login_required
@require_safe
async def recording_media(request: HttpRequest, recording_id: UUID) -> HttpResponseBase:
    """The recording as it was uploaded, or the part of it that the ``Range`` header asks for."""
    recording = await sync_to_async(get_recording)(await request.auser(), recording_id)
    return await file_response(request, StoredFile(recording.file, recording.sha256, recording.uploaded_at))
