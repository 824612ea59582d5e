"""The view that streams recordings."""

from typing import cast
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from interviews.file_responses import StoredFile, file_response
from interviews.models import AuditEntry, User
from interviews.selectors import get_recording
from interviews.services.audit import audit_view


@login_required
@require_safe
async def recording_media(request: HttpRequest, recording_id: UUID) -> HttpResponseBase:
    """The recording as it was uploaded, or the part of it that the ``Range`` header asks for."""
    user = cast(User, await request.auser())
    recording = await sync_to_async(get_recording)(user, recording_id)
    action = AuditEntry.Action.RECORDING_PLAYED
    await sync_to_async(audit_view)(
        action=action, by=user, interview=recording.interview, what=recording.pk, recording=recording.pk
    )
    return await file_response(request, StoredFile(recording.file, recording.sha256, recording.uploaded_at))
