"""Uploads over HTTP: announced, sent in pieces, resumed, given up."""

import pytest
from django.core.cache import cache
from django.test import Client

from interviews.api.uploads import UploadThrottle
from tests.factories.uploads import begin, put


@pytest.fixture
def browser(alice, client_of):
    return client_of(alice)


def test_an_upload_is_announced_and_resumed_where_it_stopped(browser):
    answer = begin(browser)
    assert answer.status_code == 201
    assert answer.json().items() >= {"chunk_bytes": 8 * 1024**2, "received_bytes": 0}.items()
    upload_id = answer.json()["id"]
    put(browser, upload_id, 0, b"01234")
    conflict = put(browser, upload_id, 0, b"01234")
    assert (conflict.status_code, conflict.json()) == (409, {"received_bytes": 5})
    assert browser.get(f"/api/v1/uploads/{upload_id}/").json()["received_bytes"] == 5


def test_a_file_that_is_refused_is_named_by_a_sentence(browser):
    answer = begin(browser, "letter.txt")
    assert answer.status_code == 400
    assert "Export the recording as mp4, mov, webm, mkv or avi." in answer.json()["file"][0]


@pytest.mark.parametrize("offset", ["", "-1", "x", "1.5", "٣", "9" * 30])
def test_an_offset_that_is_no_number_is_refused(browser, offset):
    upload_id = begin(browser).json()["id"]
    answer = put(browser, upload_id, offset, b"0")
    assert answer.status_code == 400
    assert "offset" in answer.json()


def test_an_empty_piece_changes_nothing(browser):
    upload_id = begin(browser).json()["id"]
    assert put(browser, upload_id, 0, b"").json() == {"received_bytes": 0}


def test_an_upload_that_is_given_up_is_gone(browser, django_capture_on_commit_callbacks):
    upload_id = begin(browser).json()["id"]
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.delete(f"/api/v1/uploads/{upload_id}/").status_code == 204
    assert browser.get(f"/api/v1/uploads/{upload_id}/").status_code == 404


def test_nobody_continues_somebody_elses_upload(browser, carol, bob, client_of):
    upload_id = begin(browser).json()["id"]
    for other in (carol, bob):
        assert put(client_of(other), upload_id, 0, b"0").status_code == 404


def test_a_write_without_the_csrf_header_is_refused(alice):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    assert begin(browser).status_code == 403
    browser.get("/login/")  # redirects, without a form
    browser.cookies["csrftoken"] = "a" * 32
    answer = browser.post(
        "/api/v1/uploads/",
        {"file_name": "talk.mp4", "size_bytes": 10},
        "application/json",
        headers={"X-CSRFToken": "a" * 32},
    )
    assert answer.status_code == 201


def test_beginning_uploads_is_throttled(client_of, alice, monkeypatch):
    cache.clear()
    monkeypatch.setattr(UploadThrottle, "rate", "3/hour")
    browser = client_of(alice)
    body = {"file_name": "talk.exe", "size_bytes": 5}
    answers = [browser.post("/api/v1/uploads/", body, "application/json").status_code for _ in range(4)]
    assert answers == [400, 400, 400, 429]
    cache.clear()
