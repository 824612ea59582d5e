"""Stored files over HTTP with ranges, so that a player can seek, at a few hundred kilobytes of memory per viewer (more
where media are in an object store). Every range is asked for here, whose view knows who may have it.

Django's own ``FileResponse`` reads the whole file into memory under an asynchronous server and knows no ranges.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from io import SEEK_END
from pathlib import PurePosixPath
from typing import BinaryIO, Final, cast
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import http_date, parse_http_date_safe

from interviews.media_storage import local_path

logger = logging.getLogger(__name__)

BLOCK_BYTES: Final = 256 * 1024
CONTENT_TYPES: Final = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".3gp": "video/3gpp",
    ".3g2": "video/3gpp2",
    ".mkv": "video/x-matroska",
    ".webm": "video/webm",
    ".avi": "video/x-msvideo",
    ".jpg": "image/jpeg",
}


class Unsatisfiable(Exception):
    """The range asked for lies outside the file."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a storage. ``tag`` changes when its content does."""

    file: FieldFile
    tag: str
    modified_at: datetime

    @property
    def etag(self) -> str:
        return f'"{self.tag}"'

    def open(self) -> tuple[BinaryIO, int]:
        """The file and its size in bytes. Raises ``FileNotFoundError``, and :class:`MediaLocked`."""
        file = cast(BinaryIO, self.file.storage.open(str(self.file.name), "rb"))
        return file, file.seek(0, SEEK_END)


async def file_response(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """The file, or the part of it that the ``Range`` header asks for (200, 206, 304, 416)."""
    if settings.MEDIA_OFFLOAD_PREFIX and local_path(stored.file) is not None:
        response = HttpResponse(content_type=_content_type(stored))
        response["X-Accel-Redirect"] = settings.MEDIA_OFFLOAD_PREFIX.rstrip("/") + "/" + quote(str(stored.file))
        return _described(response, stored)
    if request.headers.get("If-None-Match") == stored.etag:
        return _described(HttpResponse(status=304), stored)
    try:
        file, size_bytes = await sync_to_async(stored.open)()
    except FileNotFoundError as error:
        logger.error("The stored file %s is gone", stored.file.name)
        raise Http404("This file is missing.") from error
    try:
        return _described(_answer(request, stored, file, size_bytes), stored)
    except Unsatisfiable:
        file.close()
        return _described(HttpResponse(status=416, headers={"Content-Range": f"bytes */{size_bytes}"}), stored)


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


def _answer(request: HttpRequest, stored: StoredFile, file: BinaryIO, size_bytes: int) -> HttpResponseBase:
    wanted = None
    if request.method == "GET" and _range_still_holds(request, stored):
        wanted = range_of(request.headers.get("Range", ""), size_bytes)
    first, last = wanted or (0, size_bytes - 1)
    length = last - first + 1
    if request.method == "HEAD":
        file.close()
        response: HttpResponseBase = HttpResponse(content_type=_content_type(stored))
    else:
        response = StreamingHttpResponse(_blocks(file, first, length), content_type=_content_type(stored))
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


def _range_still_holds(request: HttpRequest, stored: StoredFile) -> bool:
    """``If-Range``: a part is only good if the client's other parts are of the same file."""
    condition = request.headers.get("If-Range")
    if condition is None or condition == stored.etag:
        return True
    return parse_http_date_safe(condition) == int(stored.modified_at.timestamp())


def _described(response: HttpResponseBase, stored: StoredFile) -> HttpResponseBase:
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = stored.etag
    response["Last-Modified"] = http_date(stored.modified_at.timestamp())
    response["Cache-Control"] = "private, no-store"  # nothing of it stays on the disk of a shared computer
    response["Content-Disposition"] = "inline"
    return response


def _content_type(stored: StoredFile) -> str:
    return CONTENT_TYPES.get(PurePosixPath(str(stored.file.name)).suffix, "application/octet-stream")
