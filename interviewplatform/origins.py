"""Which pages may open a socket: those of this installation, by scheme, host and port."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host

Application = Callable[[dict[str, Any], Any, Any], Awaitable[Any]]


class SameOrigin:
    """Refuses sockets whose ``Origin`` is not the address they are opened at.

    Channels' own validator compares neither port nor scheme, and never the ``Host`` header.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        allowed = is_same_origin(headers.get(b"origin", ""), headers.get(b"host", ""))
        application = self.application if allowed else WebsocketDenier()
        return await application(scope, receive, send)


def is_same_origin(origin: str, host: str) -> bool:
    """``origin`` as browsers send it, ``host`` of the request. A proxy passes the name on that people use."""
    name, _ = split_domain_port(host)
    if not name or not validate_host(name, settings.ALLOWED_HOSTS):
        return False
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    parts = urlsplit(origin)
    return parts.scheme == ("http" if settings.EMBEDDED else "https") and parts.netloc.lower() == host.lower()
