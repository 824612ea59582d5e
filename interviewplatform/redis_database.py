"""Redis: one database each for queue, channel layer and cache, and a cache that unpickles nothing."""

import json
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

RAW: Final = b"raw:"


def database_url(url: str, *, after: int) -> str:
    """The address of the database that is ``after`` places after the one that ``url`` names (default: 0)."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        first = int(parse_qs(parts.query).get("db", ["0"])[0])
        return f"unix://{parts.path}?db={first + after}"
    return parts._replace(path=f"/{int(parts.path.strip('/') or 0) + after}").geturl()


class JSONSerializer:
    """What the cache keeps, as JSON or as plain bytes. Django's own pickles: whoever writes to Redis would run code."""

    def dumps(self, value: Any) -> bytes | int:
        if type(value) is int:
            return value  # so that Redis can count
        return RAW + value if isinstance(value, bytes) else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        return data[len(RAW) :] if data.startswith(RAW) else json.loads(data)
