"""The scripts of the candidate's room that need a browser, one by one: socket, chunk store, recorder, upload."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.conftest import Platform, eventually, with_protocol

SOCKET = """async (refused) => {
  const { RoomSocket } = await import("/static/js/room/socket.js");
  window.told = [];
  window.socket = new RoomSocket({
    url: "/ws/rooms/test/candidate/", hello: { tab: "t" }, refusal: async () => refused,
  });
  socket.on("state", (state) => told.push(state));
  socket.open();
}"""
RECORDED = """async ([room, ended]) => {
  const { ChunkStore } = await import("/static/js/room/media/chunk_store.js");
  const { Recorder } = await import("/static/js/room/media/recorder.js");
  const canvas = document.body.appendChild(document.createElement("canvas"));
  const context = canvas.getContext("2d");
  const drawing = setInterval(() => context.fillRect(Math.random() * 99, 0, 9, 9), 20);
  const store = await ChunkStore.open(room);
  const recorder = new Recorder({ store });
  await recorder.follow(canvas.captureStream().getTracks());
  await recorder.setOn(true);
  if (ended) await recorder.setOn(false);
  clearInterval(drawing);
  return { takes: await store.takes(), left: await store.count(await store.takes()) };
}"""
STORED = """async ([room, chunks]) => {
  const { ChunkStore } = await import("/static/js/room/media/chunk_store.js");
  const { sha256 } = await import("/static/js/room/media/recorder.js");
  const store = await ChunkStore.open(room);
  await store.add({ id: room, mime_type: "video/webm", started_ms: 1000 });
  for (let sequence = 0; sequence < chunks; sequence += 1) {
    const bytes = new TextEncoder().encode(`chunk ${sequence}`).buffer;
    await store.put(room, { sequence, bytes, sha256: await sha256(bytes) });
  }
}"""
UPLOADED = """async (room) => {
  const { ChunkStore } = await import("/static/js/room/media/chunk_store.js");
  const { Uploader } = await import("/static/js/room/media/uploader.js");
  window.progress = [];
  window.refusals = [];
  const store = await ChunkStore.open(room);
  window.uploader = new Uploader({
    store, takesUrl: "/stub/takes/",
    onProgress: (one) => progress.push(one), onRefused: (sentence) => refusals.push(sentence),
  });
  uploader.run();
}"""


@pytest.fixture
def page(browser: Any, platform: Platform) -> Iterator[Any]:
    """A page of ours without scripts of its own that matter here."""
    context = browser.new_context(base_url=platform.url)
    page = context.new_page()
    page.goto("/login/")
    with_protocol(page, "candidate")
    yield page
    context.close()


# --- Socket ---------------------------------------------------------------------------------------------------------


class Server:
    """Stands in for the server behind the page's sockets: welcomes everybody, answers pings, keeps what was said."""

    def __init__(self, page: Any, welcome: Callable[[], dict[str, Any]]) -> None:
        self.connections: list[Any] = []
        self.heard: list[dict[str, Any]] = []
        self.answers = True
        self._welcome = welcome
        page.route_web_socket("**/ws/**", self._connected)

    def _connected(self, socket: Any) -> None:
        self.connections.append(socket)
        socket.on_message(lambda text: self._said(socket, json.loads(text)))

    def _said(self, socket: Any, message: dict[str, Any]) -> None:
        self.heard.append(message)
        if message["type"] == "hello" and self.answers:
            socket.send(json.dumps(self._welcome()))
        if message["type"] == "ping" and self.answers:
            pong = {"type": "pong", "sent_ms": message["sent_ms"], "server_ms": message["sent_ms"] + 60_000}
            socket.send(json.dumps(pong))


def welcome() -> dict[str, Any]:
    return {
        "type": "welcome",
        "protocol": 1,
        "participant": "me",
        "server_ms": 0,
        "ice_servers": [],
        "limits": {},
        "state": {
            "room": {"status": "waiting", "opened": False, "blind": False, "recording_started_ms": None},
            "presence": {"host": None, "observers": [], "candidate": None},
            "analysis": {"state": "on", "sentence": "", "fps": 5, "audio": False},
            "agreements": {"recording": True, "analysis": True, "transcript": False},
            "calibration": {"calibrated": False, "error_degrees": None},
        },
    }


@pytest.fixture
def server(page: Any) -> Server:
    return Server(page, welcome)


def test_the_socket_says_hello_and_learns_the_servers_clock(page, server):
    page.evaluate(SOCKET, "")
    eventually(page, "socket.clock.roundTripMs !== null")
    assert server.heard[0]["type"] == "hello"
    assert (server.heard[0]["protocol"], server.heard[0]["tab"]) == (1, "t")
    assert page.evaluate("socket.clock.offsetMs") == pytest.approx(60_000, abs=500)


def test_a_lost_connection_comes_back_and_nothing_is_sent_meanwhile(page, server):
    page.evaluate(SOCKET, "")
    eventually(page, "socket.state === 'open'")
    server.connections[0].close(code=1012)
    eventually(page, "socket.state === 'waiting'")
    assert page.evaluate("socket.send('leave')") is False
    eventually(page, "socket.state === 'open'")
    assert [message["type"] for message in server.heard].count("hello") == 2
    assert page.evaluate("told.map((one) => one.state)") == ["connecting", "open", "waiting", "connecting", "open"]


@pytest.mark.parametrize(("code", "reason"), [(4409, "taken_over"), (4410, "ended"), (4401, "not_allowed")])
def test_what_is_over_is_not_tried_again(page, server, code, reason):
    page.evaluate(SOCKET, "")
    eventually(page, "socket.state === 'open'")
    server.connections[0].close(code=code)
    eventually(page, "socket.state === 'closed'")
    assert page.evaluate("told.at(-1).reason") == reason
    assert page.evaluate("told.at(-1).sentence")


def test_a_refused_handshake_ends_with_the_reason_that_the_page_found_out(page):
    page.evaluate(SOCKET, "The invitation was withdrawn.")  # no stub: the real server knows no such room
    eventually(page, "socket.state === 'closed'")
    assert page.evaluate("told.at(-1).sentence") == "The invitation was withdrawn."


def test_a_silent_connection_is_replaced(page, server):
    page.clock.install()
    page.evaluate(SOCKET, "")
    eventually(page, "socket.state === 'open'")
    server.answers = False
    for _ in range(6):
        page.clock.run_for(2500)
    server.answers = True
    page.clock.run_for(2000)
    eventually(page, "socket.state === 'open'")
    assert len(server.connections) >= 2  # a slow machine may need another attempt


def test_an_attempt_to_connect_that_nobody_answers_is_given_up(page):
    page.clock.install()
    page.add_init_script(
        "window.attempts = 0; window.WebSocket = class { constructor() { window.attempts += 1; } close() {} };"
    )
    page.reload()
    with_protocol(page, "candidate")
    page.evaluate(SOCKET, "")
    for _ in range(5):
        page.clock.run_for(2500)
    eventually(page, "attempts >= 2")
    assert [state["state"] for state in page.evaluate("told")][:3] == ["connecting", "waiting", "connecting"]


# --- The recording's way --------------------------------------------------------------------------------------------


class Takes:
    """Stands in for the takes of the API: keeps chunks, in order only."""

    def __init__(self, page: Any) -> None:
        self.chunks: list[str] = []
        self.begun: list[dict[str, Any]] = []
        self.finished: list[dict[str, Any]] = []
        self.failures: list[tuple[int, dict[str, Any]]] = []
        page.route("**/stub/takes/**", self._answer)

    def _answer(self, route: Any) -> None:
        request = route.request
        if self.failures:
            status, body = self.failures.pop(0)
            return route.abort() if status == 0 else route.fulfill(status=status, json=body)
        if "/chunks/" in request.url:
            if int(request.url.rstrip("/").rsplit("/", 1)[1]) != len(self.chunks):
                return route.fulfill(status=409, json={"next_sequence": len(self.chunks)})
            self.chunks.append(request.post_data)
            return route.fulfill(json={"next_sequence": len(self.chunks)})
        if request.url.endswith("/finish/"):
            self.finished.append(request.post_data_json)
            return route.fulfill(json={"next_sequence": len(self.chunks)})
        self.begun.append(request.post_data_json)
        return route.fulfill(status=201, json={"number": 1, "next_sequence": len(self.chunks)})


EVERYTHING = ["chunk 0", "chunk 1", "chunk 2"]
SENT = "progress.some((one) => one.left === 0 && one.complete)"


def test_what_the_browser_records_is_in_the_chunk_store_when_the_recorder_has_stopped(page):
    recorded = page.evaluate(RECORDED, ["recorder", True])
    assert [(take["complete"], take["chunks"]) for take in recorded["takes"]] == [(True, recorded["left"])]
    assert recorded["left"] >= 1


def test_the_chunk_store_survives_a_reload_and_is_sent_in_order(page):
    takes = Takes(page)
    page.evaluate(STORED, ["reloaded", 3])
    page.reload()
    page.evaluate(UPLOADED, "reloaded")
    eventually(page, SENT)
    assert takes.chunks == EVERYTHING
    assert takes.finished == [{"chunks": 3}]  # nobody holds the take any more: no further chunk can come
    assert takes.begun[0]["started_ms"] == 1000 < takes.begun[0]["sent_ms"]


def test_two_minutes_of_chunks_wait_in_the_store_and_follow_in_order(page):
    takes = Takes(page)
    takes.failures = [(0, {})] * 3
    page.evaluate(STORED, ["away", 45])
    page.evaluate(UPLOADED, "away")
    eventually(page, "progress.some((one) => one.left === 45)")
    page.evaluate("setInterval(() => uploader.nudge(), 50)")
    eventually(page, SENT, 30)
    assert takes.chunks == [f"chunk {sequence}" for sequence in range(45)]


@pytest.mark.parametrize("silent", ["**/stub/takes/", "**/chunks/1/", "**/finish/"])
def test_what_waits_for_an_answer_that_never_comes_is_asked_anew_when_the_server_is_back(page, silent):
    takes = Takes(page)
    page.route(silent, lambda route: None, times=1)
    page.evaluate(STORED, ["silent", 3])
    with page.expect_request(silent):
        page.evaluate(UPLOADED, "silent")
    page.evaluate("uploader.serverIsBack()")
    eventually(page, SENT)
    assert takes.chunks == EVERYTHING


def test_connections_that_died_unnoticed_are_used_up_quickly(page):
    page.clock.install()
    takes = Takes(page)
    page.evaluate(STORED, ["half-open", 3])
    page.route("**/chunks/0/", lambda route: None, times=1)
    asked = []
    page.route("**/stub/takes/1/", lambda route: asked.append(route), times=4)
    with page.expect_request("**/chunks/0/"):
        page.evaluate(UPLOADED, "half-open")
    page.evaluate("uploader.serverIsBack()")
    for _ in range(25):  # two seconds each: less than the minute that one large request has
        page.clock.run_for(2000)
        time.sleep(0.1)  # of real time, in which the page reads its store
    eventually(page, SENT)
    assert (len(asked), takes.chunks) == (4, EVERYTHING)


def test_a_page_of_a_proxy_is_no_refusal(page):
    takes = Takes(page)
    takes.failures = [(404, None), (413, None)]
    page.evaluate(STORED, ["proxied", 3])
    page.evaluate(UPLOADED, "proxied")
    eventually(page, "progress.some((one) => one.sentence)")
    page.evaluate("setInterval(() => uploader.nudge(), 50)")
    eventually(page, SENT)
    assert takes.chunks == EVERYTHING
    assert page.evaluate("refusals") == []


def test_a_network_that_fails_only_delays(page):
    takes = Takes(page)
    takes.failures = [(0, {}), (503, {}), (200, {"not": "ours"})]
    page.evaluate(STORED, ["delayed", 3])
    page.evaluate(UPLOADED, "delayed")
    eventually(page, "progress.some((one) => one.sentence)")
    page.evaluate("setInterval(() => uploader.nudge(), 50)")  # instead of waiting for its own growing pauses
    eventually(page, SENT)
    assert takes.chunks == EVERYTHING


def test_chunks_that_arrived_without_our_knowing_are_not_sent_again(page):
    takes = Takes(page)
    takes.chunks = EVERYTHING[:2]
    takes.failures = [(201, {"number": 1, "next_sequence": 0})]
    page.evaluate(STORED, ["known", 3])
    page.evaluate(UPLOADED, "known")
    eventually(page, SENT)
    assert takes.chunks == EVERYTHING


def test_a_recording_that_is_refused_for_good_is_given_up_with_the_reason(page):
    takes = Takes(page)
    takes.failures = [(409, {"code": "not_agreed", "detail": "The candidate has not agreed to be recorded."})]
    page.evaluate(STORED, ["refused", 3])
    page.evaluate(UPLOADED, "refused")
    eventually(page, SENT)
    assert page.evaluate("refusals") == ["The candidate has not agreed to be recorded."]
    assert takes.chunks == []


def test_a_take_that_is_still_being_made_is_not_finished(page):
    takes = Takes(page)
    page.evaluate(RECORDED, ["running", False])
    page.evaluate(UPLOADED, "running")
    eventually(page, "progress.length > 0")
    assert takes.finished == []
    assert page.evaluate("progress.at(-1).complete") is False
