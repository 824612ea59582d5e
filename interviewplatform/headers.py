"""Headers of every answer that no setting of Django sends."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase

USED: Final = (
    "autoplay",
    "camera",
    "clipboard-write",
    "display-capture",
    "fullscreen",
    "microphone",
    "picture-in-picture",
)
UNUSED: Final = (
    *("accelerometer", "attribution-reporting", "browsing-topics", "geolocation", "gyroscope", "hid"),
    *("identity-credentials-get", "idle-detection", "magnetometer", "midi", "payment", "publickey-credentials-get"),
    *("screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
HEADERS: Final = {
    "Permissions-Policy": ", ".join([*(f"{name}=(self)" for name in USED), *(f"{name}=()" for name in UNUSED)]),
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HeadersMiddleware:
    """Also on static files, so it stands before what serves them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
