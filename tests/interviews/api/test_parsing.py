"""Hostile bodies and addresses are refused with 400: none fails in the server."""

import pytest

from interviews.api.parsing import JSONParser

LONG = "1" * 400


@pytest.mark.parametrize(
    "body",
    [
        '{"file_name": "a.mp4", "size_bytes": ' + LONG + "}",
        '{"file_name": "a.mp4", "size_bytes": "' + LONG + '"}',
        '{"file_name": "a.mp4", "size_bytes": 1e999}',
        '{"file_name": "a.mp4", "size_bytes": NaN}',
        '{"file_name": "a\\u0000.mp4", "size_bytes": 1}',
        '{"a":' * 100_000,
        "[" * 100_000,
        "1" * 5000,
        b"\xff\xfe{",
    ],
)
def test_a_hostile_body_is_a_bad_request(client_of, alice, body):
    answer = client_of(alice).post("/api/v1/uploads/", body, "application/json")
    assert answer.status_code == 400, answer.content


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", LONG])
def test_a_number_in_words_is_finite(client_of, alice, interview, number):
    url = f"/api/v1/interviews/{interview.pk}/questions/"
    assert client_of(alice).post(url, {"at_s": number}, "application/json").status_code == 400


@pytest.mark.parametrize("address", ["/interviews/?q=%00", "/api/v1/models/?modality=%00", "/join/a%00b/"])
def test_a_nul_in_an_address_is_a_bad_request(client_of, alice, address):
    assert client_of(alice).get(address).status_code == 400


def test_the_parser_stands_in_for_drfs_own(settings):
    assert settings.REST_FRAMEWORK["DEFAULT_PARSER_CLASSES"] == [f"{JSONParser.__module__}.{JSONParser.__name__}"]
