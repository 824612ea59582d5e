"""What browsers and proxies may keep."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin


class NotStoredMiddleware(MiddlewareMixin):
    """Pages and API answers are about people: nobody keeps them, unless a view says otherwise (recordings do).

    So whoever presses "back" after somebody has logged out is asked to log in. Static files do not come by here.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
