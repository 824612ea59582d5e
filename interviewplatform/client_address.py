"""The address of the client, where proxies stand in front of the web server."""

from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class ClientAddressMiddleware:
    """Makes ``REMOTE_ADDR`` the client's address, and removes ``X-Forwarded-For``.

    So limits and logs have one address to ask for, and none that a client made up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        peer = request.META.get("REMOTE_ADDR", "")
        request.META["REMOTE_ADDR"] = client_address(peer, forwarded, settings.TRUSTED_PROXIES)
        return self.get_response(request)


def remote_address(request: HttpRequest) -> str | None:
    """The client's address for the login throttle; None where the server has none, as on a UNIX socket."""
    address = request.META.get("REMOTE_ADDR", "")
    return address if _is_address(address) else None


def client_address(peer: str, forwarded: str, proxies: Sequence[str]) -> str:
    """The last address on the way that is not a trusted proxy's.

    ``peer`` is whoever connected, ``forwarded`` the ``X-Forwarded-For`` header, to which each proxy adds the address
    that connected to it. ``proxies`` are networks. What stands before the first untrusted address is made up.
    """
    networks = [ip_network(proxy) for proxy in proxies]
    address = peer
    for hop in reversed([hop.strip() for hop in forwarded.split(",")]):
        if not _is_in(address, networks) or not _is_address(hop):
            break
        address = hop
    return address


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_in(address: str, networks: Sequence[object]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in networks)  # type: ignore[operator]
