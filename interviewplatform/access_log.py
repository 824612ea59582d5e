"""The access log: one line a request, without tokens, query strings, names or addresses."""

import logging
import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve

logger = logging.getLogger(__name__)

SECRETS: Final = ("token", "uidb64")
"""Names of parts of an address that open something."""


class AccessLogMiddleware:
    """Logs method, address, status and milliseconds. First of all, so that it sees what the others answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        milliseconds = 1000 * (time.perf_counter() - started)
        logger.info("%s %s %s %.0f ms", request.method, loggable(request.path_info), response.status_code, milliseconds)
        return response


class WithoutSecrets(logging.Filter):
    """Takes secrets out of the lines of Django that name the address of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            known = (request.path, request.get_full_path())
            record.args = tuple(loggable(request.path_info) if part in known else part for part in record.args)
        return True


def loggable(path: str) -> str:
    """The path with its secrets as dots; of a path that leads nowhere its first part, because it may be mistyped."""
    try:
        match = resolve(path)
    except Resolver404:
        first, _, rest = path.lstrip("/").partition("/")
        return f"/{first}/…" if rest else f"/{first}"
    for name in SECRETS:
        if value := match.kwargs.get(name):
            path = path.replace(str(value), "…")
    return path
