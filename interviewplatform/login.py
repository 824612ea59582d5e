"""What the login throttle needs to know."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest


def throttled_name(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """The e-mail address that an attempt counts against, in lower case: ``A@x.org`` and ``a@x.org`` are one person."""
    source: Mapping[str, Any] = credentials or (request.POST if request else {})
    return str(source.get("username") or source.get("email") or "").strip().lower()
