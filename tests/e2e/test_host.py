"""The recruiter's room with a server that the test plays."""

import json
import time
from typing import Any

import pytest

from tests.e2e.conftest import eventually
from tests.e2e.test_accessibility import violations

ON = {"state": "on", "sentence": "The analysis is on.", "fps": 10, "audio": True}
BUSY = "Analysis is paused because the server is busy; the recording continues."
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63606060f80f0001040100e7b3f8ad0000000049454e44ae426082"
)


class PlayedServer:
    """The recruiter's socket and the questions of a room that is live, without a candidate's browser."""

    def __init__(self, page: Any) -> None:
        self.heard: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.prepared = [{"id": name, "text": f"Question {name}?", "asked": None} for name in ("one", "two")]
        self.blind = False
        self.socket: Any = None
        page.route_web_socket("**/ws/rooms/**", self._connected)
        page.route("**/prepared-questions/", lambda route: route.fulfill(json={"questions": self.prepared}))
        page.route("**/questions/", self._questions)

    def _connected(self, socket: Any) -> None:
        self.socket = socket
        socket.on_message(lambda text: self._said(json.loads(text)))

    def _said(self, message: dict[str, Any]) -> None:
        self.heard.append(message)
        if message["type"] == "ping":
            self.tell("pong", sent_ms=message["sent_ms"], server_ms=time.time() * 1000)
        if message["type"] == "hello":
            self.tell(
                "welcome",
                protocol=1,
                participant="host",
                server_ms=time.time() * 1000,
                ice_servers=[],
                limits={},
                role="host",
                state={
                    "room": self.room(),
                    "presence": self.presence(candidate=True),
                    "candidate": self.candidate(),
                },
            )
            self.tell("analysis", analysis=ON)

    def _questions(self, route: Any) -> None:
        if route.request.method == "POST":
            body = route.request.post_data_json
            question = next(row for row in self.prepared if row["id"] == body["prepared"])
            mark = {"id": f"mark-{body['prepared']}", "at_s": 12.5}
            question["asked"] = mark
            self.asked.append({**mark, "text": question["text"], "prepared": question["id"]})
            route.fulfill(status=201, json=self.asked[-1])
        else:
            route.fulfill(json={"questions": self.asked})

    def room(self) -> dict[str, Any]:
        started_ms = time.time() * 1000 - 60_000
        return {"status": "live", "opened": True, "blind": self.blind, "recording_started_ms": started_ms}

    @staticmethod
    def presence(*, candidate: bool) -> dict[str, Any]:
        person = {"participant": "candidate", "name": "Dana"}
        return {
            "host": {"participant": "host", "name": "Rita"},
            "observers": [],
            "candidate": person if candidate else None,
        }

    @staticmethod
    def candidate() -> dict[str, Any]:
        return {
            "agreements": {"recording": True, "analysis": True, "transcript": True},
            "calibration": {"calibrated": True, "error_degrees": 3.2},
            "media": None,
            "stage": "call",
        }

    def tell(self, kind: str, **fields: Any) -> None:
        self.socket.send(json.dumps({"type": kind, **fields}))

    def read(self, label: str, *, age_ms: float = 100) -> None:
        gaze = {"available": True, "reason": "", "label": label, "confidence": 0.9, "probabilities": {}}
        self.tell(
            "reading",
            sequence=1,
            captured_ms=time.time() * 1000 - age_ms,
            age_ms=age_ms,
            faces=1,
            modalities={"eye_gaze": gaze},
            models={"eye_gaze": "geometry-v1"},
        )


@pytest.fixture
def played(page: Any) -> PlayedServer:
    page.goto("/interviews/live/new/")
    page.get_by_label("Candidate's name").fill("Dana Diaz")
    page.get_by_label("Candidate's e-mail address").fill("dana@mail.example")
    page.get_by_role("button", name="Create the room").click()
    page.get_by_role("heading", name="The room is ready").wait_for()
    address = page.locator("[data-room]").get_attribute("href")
    server = PlayedServer(page)
    page.goto(address)
    page.locator("#room[data-status='live'][data-socket='open']").wait_for()
    return server


def test_a_reading_is_shown_and_goes_when_it_is_old(page, played):
    now = page.locator("[data-modality='eye_gaze'] [data-now]")
    played.read("center")
    now.get_by_text("now: center 90").wait_for()
    page.locator("[data-area='center'].is-now").wait_for()
    assert page.locator("#readings-age").inner_text().endswith("ms old")
    now.get_by_text("no fresh reading").wait_for()
    assert page.locator("#readings-age").inner_text() == "no fresh reading"
    played.read("top_left", age_ms=2500)
    page.wait_for_timeout(400)  # longer than the panel takes to draw: an old one must not appear even for a moment
    assert now.inner_text() == "no fresh reading"
    assert page.locator("#calibration").inner_text() == "calibrated, about 3 degrees"


def test_the_key_marks_the_next_prepared_question_and_then_leads_to_the_free_one(page, played):
    page.locator("#prepared .is-next", has_text="Question one?").wait_for()
    page.keyboard.press("q")
    page.locator("#prepared .is-asked", has_text="Question one?").get_by_text("asked 0:12.5").wait_for()
    page.locator("#question-undo", has_text="Marked at 0:12.5: Question one?").wait_for()
    page.keyboard.press("q")
    page.locator("#prepared .is-asked", has_text="Question two?").wait_for()
    page.keyboard.press("q")
    eventually(page, "document.activeElement.id === 'free-text'")
    page.keyboard.type("q")
    assert page.locator("#free-text").input_value() == "q"
    assert [mark["prepared"] for mark in played.asked] == ["one", "two"]


def test_the_state_of_the_analysis_is_said_with_its_sentence(page, played):
    assert page.locator("#analysis-notice").is_hidden()
    played.tell("analysis", analysis={"state": "overloaded", "sentence": BUSY, "fps": 0, "audio": False})
    page.locator("#analysis-notice", has_text=BUSY).wait_for()
    eventually(page, f"document.getElementById('announcer').textContent === '{BUSY}'")
    assert violations(page) == []


def test_readings_are_not_announced(page, played):
    # The start of the interview is announced, a moment after it is shown.
    eventually(page, "document.getElementById('announcer').textContent === 'The interview has started.'")
    page.evaluate("document.getElementById('announcer').textContent = ''")
    played.read("center")
    page.get_by_text("now: center 90").wait_for()
    assert page.locator("#announcer").inner_text() == ""
    assert page.locator("#readings [aria-live], #readings [role=status]").count() == 0


def test_a_candidate_who_is_away_is_said_and_a_blind_host_sees_no_readings(page, played):
    played.tell("presence", presence=played.presence(candidate=False))
    page.get_by_text("Dana Diaz is not connected. They can come back").wait_for()
    played.blind = True
    played.tell("room", room=played.room())
    page.get_by_text("Live readings are hidden from you").wait_for()
    assert page.locator("#readings-body").is_hidden()
    assert violations(page) == []


def test_a_candidate_who_is_back_but_not_in_the_call_yet_is_said(page, played):
    played.tell("candidate", candidate={**played.candidate(), "stage": "check"})
    page.get_by_text("Dana Diaz is checking camera and microphone.").wait_for()
    page.locator("#call-connection", has_text="Candidate not in the call yet").wait_for()


def test_without_a_direct_connection_the_frames_are_shown_and_said(page, played):
    page.route("**/frame/", lambda route: route.fulfill(status=200, content_type="image/png", body=PIXEL))
    page.locator("#call-stage[data-picture='frames']").wait_for(timeout=15_000)
    page.get_by_text("No direct connection: you see the pictures that are sent for analysis").wait_for()
    assert {"type": "picture", "wanted": True} in played.heard
    played.tell("presence", presence=played.presence(candidate=False))
    page.locator("#call-stage[data-picture='none']").wait_for()
    assert {"type": "picture", "wanted": False} in played.heard


def test_a_microphone_that_is_missing_is_said(page, played):
    page.locator("#media-problem", has_text="No microphone was found").wait_for()
