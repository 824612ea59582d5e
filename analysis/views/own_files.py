"""Files for the candidate: the recording as the own page plays it, and the copy of everything."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Final
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from analysis.models import Playback
from analysis.reporting.exports.streaming import archive_stream
from analysis.selectors.own_copy import own_copy_entries
from interviews.counting import within_limit
from interviews.file_responses import StoredFile, file_response
from interviews.models import AuditEntry, CandidateRequest, Interview
from interviews.selectors.own_page import get_confirmed_own_page
from interviews.services.audit import audit_view
from interviews.services.own_page import request_add, request_done

COPIES_PER_HOUR: Final = 5


@require_safe
async def own_page_recording(request: HttpRequest, interview_id: UUID) -> HttpResponseBase:
    """What browsers play of the recording, or the part of it that the ``Range`` header asks for."""
    interview = await sync_to_async(get_confirmed_own_page)(request.session, interview_id)
    stored = await sync_to_async(_played)(interview)
    return await file_response(request, stored)


@require_POST
async def own_page_copy(request: HttpRequest, interview_id: UUID) -> HttpResponseBase:
    """Everything as one ZIP file, made while it is sent."""
    interview = await sync_to_async(get_confirmed_own_page)(request.session, interview_id)
    key = f"own-copy:{interview_id}"
    if not await sync_to_async(within_limit)(key, limit=COPIES_PER_HOUR, period_s=3600):
        await sync_to_async(messages.warning)(request, "You took a copy often enough for now. Try again in an hour.")
        return redirect("own_page", interview_id=interview_id)
    blocks = archive_stream(await sync_to_async(_entries)(interview))
    headers = {"Content-Disposition": f'attachment; filename="my-interview-{timezone.now():%Y-%m-%d}.zip"'}
    return StreamingHttpResponse(_sent(blocks), content_type="application/zip", headers=headers)


def _entries(interview: Interview) -> list[Any]:
    entries = own_copy_entries(interview=interview)
    request_done(request=request_add(interview=interview, kind=CandidateRequest.Kind.COPY))
    return entries


def _played(interview: Interview) -> StoredFile:
    recording = interview.recordings.first()
    if recording is None:
        raise Http404
    action = AuditEntry.Action.RECORDING_PLAYED
    audit_view(action=action, by=None, interview=interview, what=recording.pk, recording=recording.pk)
    playback = Playback.objects.filter(recording=recording).exclude(copy="").first()
    if playback is not None:
        return StoredFile(playback.copy, str(playback.copy.name), playback.finished_at or playback.created_at)
    return StoredFile(recording.file, recording.sha256, recording.uploaded_at)


async def _sent(blocks: Iterator[bytes]) -> AsyncIterator[bytes]:
    following = sync_to_async(lambda: next(blocks, None), thread_sensitive=False)
    while (block := await following()) is not None:
        if block:
            yield block
