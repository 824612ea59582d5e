"""Live rooms: one of Alice's, her browser, a candidate who was let in, and a recorder that sends.

A conftest imports the fixtures that its tests use.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from interviews.services import rooms as services

STARTED_MS = 1_790_000_000_000


class Host:
    """Alice's browser at the API of one room."""

    def __init__(self, client: Client, room_id: Any) -> None:
        self.client, self.root = client, f"/api/v1/rooms/{room_id}/"

    def get(self, path: str = "") -> Any:
        return self.client.get(self.root + path)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(self.root + path, body or {}, "application/json")

    def put(self, path: str, body: Any) -> Any:
        return self.client.put(self.root + path, body, "application/json")

    def patch(self, body: Any) -> Any:
        return self.client.patch(self.root, body, "application/json")

    def delete(self, path: str) -> Any:
        return self.client.delete(self.root + path)


class Candidate:
    """The candidate's browser: no account, a cookie, and the CSRF token of the page."""

    def __init__(self, room_id: Any) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.root = f"/api/v1/join/{room_id}/"

    def join(self, url: str) -> Any:
        """Open the link and press its button."""
        self.client.get(url)
        self.headers = {"X-CSRFToken": self.client.cookies["csrftoken"].value}
        return self.client.post(url, headers=self.headers, follow=True)

    def get(self, path: str = "") -> Any:
        return self.client.get(self.root + path)

    def put(self, path: str, body: Any) -> Any:
        return self.client.put(self.root + path, body, "application/json", headers=self.headers)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(self.root + path, body or {}, "application/json", headers=self.headers)

    def agree(self, *, recording: bool = True, analysis: bool = True, transcript: bool = True) -> Any:
        return self.put("agreements/", {"recording": recording, "analysis": analysis, "transcript": transcript})

    def begin(self, started_ms: int = STARTED_MS, **fields: Any) -> Any:
        body = {"mime_type": "video/webm;codecs=vp8,opus", "started_ms": started_ms, **fields}
        return self.post("takes/", body)

    def send(self, number: int, sequence: int, content: bytes, sha256: str | None = None) -> Any:
        sha256 = hashlib.sha256(content).hexdigest() if sha256 is None else sha256
        headers = {**self.headers, "X-Chunk-Sha256": sha256}
        path = f"{self.root}takes/{number}/chunks/{sequence}/"
        return self.client.put(path, content, "application/octet-stream", headers=headers)

    def finish(self, number: int, chunks: int) -> Any:
        return self.post(f"takes/{number}/finish/", {"chunks": chunks})


@pytest.fixture
def make_room(alice: Any) -> Callable[..., Any]:
    """``make_room()``: a room that waits for Alice."""

    def make(**fields: Any) -> Any:
        return services.room_create(
            **{
                "by": alice,
                "candidate_name": "Dana Diaz",
                "candidate_email": "dana@mail.example",
                "position": "Data Engineer",
                **fields,
            }
        )

    return make


@pytest.fixture
def room(make_room: Callable[..., Any]) -> Any:
    return make_room()


@pytest.fixture
def host(alice: Any, client_of: Callable[[Any], Client], room: Any) -> Host:
    return Host(client_of(alice), room.pk)


@pytest.fixture
def invited(room: Any, alice: Any) -> str:
    """The path of a fresh invitation."""
    return f"/join/{services.invitation_create(room=room, by=alice).token}/"


@pytest.fixture
def candidate(room: Any, invited: str) -> Candidate:
    """A candidate who has opened the invitation."""
    browser = Candidate(room.pk)
    browser.join(invited)
    return browser


@pytest.fixture
def recorded(room: Any, alice: Any, candidate: Candidate) -> Candidate:
    """The interview is live and the candidate has agreed to everything."""
    candidate.agree()
    services.room_open(room=room, by=alice)
    return candidate
