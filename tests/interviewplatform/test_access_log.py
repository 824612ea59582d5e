"""Log lines have no tokens, no query strings and no names."""

import logging

import pytest

from interviewplatform.access_log import WithoutSecrets, loggable


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/join/SeCrEt-token/", "/join/…/"),
        ("/password-reset/dWlk/abc-123/", "/password-reset/…/…/"),
        ("/interviews/", "/interviews/"),
        ("/jion/SeCrEt-token/", "/jion/…"),
        ("/favicon.ico", "/favicon.ico"),
    ],
)
def test_secrets_of_an_address_are_dots(path, logged):
    assert loggable(path) == logged


def test_a_request_is_one_line_without_its_query(client, db, caplog):
    caplog.set_level(logging.INFO, "interviewplatform.access_log")
    client.get("/interviews/?q=Jane+Doe")
    lines = [record.getMessage() for record in caplog.records if record.name == "interviewplatform.access_log"]
    assert len(lines) == 1
    assert lines[0].startswith("GET /interviews/ 302 ")
    assert "Jane" not in lines[0]


def test_djangos_own_lines_lose_their_secrets(client, db, caplog):
    client.get("/join/SeCrEt-token/?q=Jane")
    [record] = [record for record in caplog.records if record.name == "django.request"]
    assert WithoutSecrets().filter(record)
    assert record.getMessage() == "Not Found: /join/…/"


def test_the_console_has_the_filter(settings):
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["without_secrets"]
