"""Text is sent gzip-compressed, pages and static files alike: embedded installations have no proxy that would do it."""

import gzip
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string

LEAST_BYTES: Final = 500
"""Below it the header costs more than it saves."""
COMPRESSIBLE: Final = ("text/", "application/json", "application/javascript", "image/svg+xml")
RANDOM_BYTES: Final = 100
"""Most bytes by which the length of a page is blurred (Heal the BREACH): pages have secrets in them."""


class CompressionMiddleware:
    """Compresses whole answers; streams are recordings and stay as they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not _is_compressible(response):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return response
        is_static = request.path.startswith(settings.STATIC_URL)
        content = _file_compressed(response.content) if is_static else _page_compressed(response.content)
        response.content = content
        response.headers["Content-Length"] = str(len(content))
        response.headers["Content-Encoding"] = "gzip"
        # A file's own tag stays: WhiteNoise compares it as it is, and the same file is always compressed the same.
        if not is_static and not response.headers.get("ETag", "W/").startswith("W/"):
            response.headers["ETag"] = f"W/{response.headers['ETag']}"
        return response


def _is_compressible(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and len(response.content) >= LEAST_BYTES
        and not response.has_header("Content-Encoding")
        and response.headers.get("Content-Type", "").startswith(COMPRESSIBLE)
    )


@lru_cache(maxsize=256)
def _file_compressed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _page_compressed(content: bytes) -> bytes:
    compressed: bytes = compress_string(content, max_random_bytes=RANDOM_BYTES)
    return compressed
