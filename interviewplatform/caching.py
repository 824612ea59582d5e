"""Cache headers for browsers and proxies."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin


class NotStoredMiddleware(MiddlewareMixin):
    """Forbids caching of pages and API answers, which hold personal data, unless a view sets otherwise (recordings do).

    So the "back" button after a logout leads to the login page. Static files do not pass through this middleware.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
