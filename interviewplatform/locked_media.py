"""Pages that would show an encrypted file whose key is missing: one sentence, and 503."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from interviews.media_storage import MediaLocked

logger = logging.getLogger(__name__)


class LockedMediaMiddleware:
    """Answers :class:`MediaLocked` where a view has not; the API's own handler has."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, MediaLocked):
            return None
        logger.error("%s", exception)
        return HttpResponse(render_to_string("503.html", {"sentence": str(exception)}), status=exception.status)
