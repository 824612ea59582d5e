"""Recordings over HTTP with ranges, so that a player can seek, at a few hundred kilobytes of memory per viewer.

Django's own ``FileResponse`` reads the whole file into memory under an asynchronous server and knows no ranges.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

from interviews.models import Recording
from interviews.selectors import get_recording

logger = logging.getLogger(__name__)

BLOCK_BYTES: Final = 256 * 1024
CONTENT_TYPES: Final = {
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".mkv": "video/x-matroska",
    ".webm": "video/webm",
    ".avi": "video/x-msvideo",
}


class Unsatisfiable(Exception):
    """The range asked for lies outside the file."""


@login_required
@require_safe
async def recording_media(request: HttpRequest, recording_id: UUID) -> HttpResponseBase:
    """The recording, or the part of it that the ``Range`` header asks for (200, 206, 304, 416)."""
    recording = await sync_to_async(get_recording)(await request.auser(), recording_id)
    path = _local_path(recording)
    if path is None:
        return HttpResponseRedirect(recording.file.url)  # a remote storage; the address is signed and expires
    if settings.MEDIA_OFFLOAD_PREFIX:
        response = HttpResponse(content_type=_content_type(path))
        response["X-Accel-Redirect"] = settings.MEDIA_OFFLOAD_PREFIX.rstrip("/") + "/" + quote(str(recording.file))
        return _described(response, recording)
    if request.headers.get("If-None-Match") == _etag(recording):
        return _described(HttpResponse(status=304), recording)
    try:
        file = await asyncio.to_thread(path.open, "rb")
    except FileNotFoundError as error:
        logger.error("The file of recording %s is gone", recording.pk)
        raise Http404("The file of this recording is missing.") from error
    try:
        return _described(_answer(request, recording, file, path), recording)
    except Unsatisfiable:
        file.close()
        return _described(
            HttpResponse(status=416, headers={"Content-Range": f"bytes */{recording.size_bytes}"}), recording
        )


def range_of(header: str, size_bytes: int) -> tuple[int, int] | None:
    """First and last byte of a ``Range`` header, or None where the whole file is the right answer.

    That is: no header, one that is not understood (numbers beyond 18 digits among them), and several ranges at once
    (RFC 9110, 14.2, lets a server answer those with everything; no player sends them). Raises :class:`Unsatisfiable`.
    """
    match = re.fullmatch(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", header, re.ASCII | re.IGNORECASE)
    if match is None or match.groups() == ("", ""):
        return None
    first_text, last_text = match.groups()
    if not first_text:
        length = min(int(last_text), size_bytes)
        first, last = size_bytes - length, size_bytes - 1
    else:
        first = int(first_text)
        last = min(int(last_text), size_bytes - 1) if last_text else size_bytes - 1
        if last_text and int(last_text) < first:
            return None
    if first >= size_bytes:
        raise Unsatisfiable
    return first, last


def _answer(request: HttpRequest, recording: Recording, file: BinaryIO, path: Path) -> HttpResponseBase:
    size_bytes = path.stat().st_size
    wanted = None
    if request.method == "GET" and _range_still_holds(request, recording):
        wanted = range_of(request.headers.get("Range", ""), size_bytes)
    first, last = wanted or (0, size_bytes - 1)
    length = last - first + 1
    if request.method == "HEAD":
        file.close()
        response: HttpResponseBase = HttpResponse(content_type=_content_type(path))
    else:
        response = StreamingHttpResponse(_blocks(file, first, length), content_type=_content_type(path))
    response["Content-Length"] = str(length)
    if wanted:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{size_bytes}"
    return response


async def _blocks(file: BinaryIO, first: int, length: int) -> AsyncIterator[bytes]:
    try:
        await asyncio.to_thread(file.seek, first)
        while length > 0:
            block = await asyncio.to_thread(file.read, min(BLOCK_BYTES, length))
            if not block:
                return  # the file was deleted or cut while it was being played
            length -= len(block)
            yield block
    finally:
        file.close()


def _range_still_holds(request: HttpRequest, recording: Recording) -> bool:
    """``If-Range``: a part is only good if the client's other parts are of the same file."""
    condition = request.headers.get("If-Range")
    if condition is None or condition == _etag(recording):
        return True
    return parse_http_date_safe(condition) == int(recording.uploaded_at.timestamp())


def _described(response: HttpResponseBase, recording: Recording) -> HttpResponseBase:
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = _etag(recording)
    response["Last-Modified"] = http_date(recording.uploaded_at.timestamp())
    response["Cache-Control"] = "private, no-cache"  # keep it, but ask every time whether one may still see it
    response["Content-Disposition"] = "inline"
    return response


def _etag(recording: Recording) -> str:
    return f'"{recording.sha256}"'


def _content_type(path: Path) -> str:
    return CONTENT_TYPES.get(path.suffix, "application/octet-stream")


def _local_path(recording: Recording) -> Path | None:
    try:
        return Path(recording.file.path)
    except NotImplementedError:
        return None
