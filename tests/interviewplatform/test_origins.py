"""Sockets are opened by pages of this installation alone."""

import pytest

from interviewplatform.origins import is_same_origin


@pytest.mark.parametrize(
    ("embedded", "origin", "host", "allowed"),
    [
        (True, "http://localhost:8000", "localhost:8000", True),
        (True, "http://localhost:9999", "localhost:8000", False),
        (True, "https://localhost:8000", "localhost:8000", False),
        (True, "http://evil.example", "evil.example", False),
        (True, "http://evil.example", "localhost:8000", False),
        (True, "null", "localhost:8000", False),
        (True, "", "localhost:8000", False),
        (True, "http://localhost", "", False),
        (False, "https://candor.example", "candor.example", True),
        (False, "http://candor.example", "candor.example", False),
        (False, "https://candor.example:8443", "candor.example", False),
        (False, "https://www.candor.example", "candor.example", True),
    ],
)
def test_origin_and_host_are_one(settings, embedded, origin, host, allowed):
    settings.EMBEDDED = embedded
    settings.ALLOWED_HOSTS = ["localhost", "candor.example"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://www.candor.example"]
    assert is_same_origin(origin, host) is allowed
