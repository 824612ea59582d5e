"""The scripts of the candidate's room one by one, where they run: pacing, sound, dots, socket, shelf, upload."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.conftest import Platform, eventually, with_protocol

LIMITS = {"max_in_flight": 2, "min_fps": 2, "max_fps": 15}
PACED = """async ([limits, roundTripMs, analysed, wanted, seconds]) => {
  const { FramePacer } = await import("/static/js/room/media/pacing.js");
  const pacer = new FramePacer(limits);
  pacer.wanted = wanted;
  let [sent, most] = [0, 0];
  const answers = [];
  for (let now = 0; now < seconds * 1000; now += 5) {
    while (answers.length && answers[0].at <= now) pacer.acknowledged(answers.shift().sequence, analysed, now);
    if (pacer.waitMs(now) > 0) continue;
    pacer.sent(sent, now);
    answers.push({ sequence: sent, at: now + roundTripMs });
    sent += 1;
    most = Math.max(most, pacer.inFlight.size);
  }
  return { fps: sent / seconds, most };
}"""
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
  const { Shelf } = await import("/static/js/room/media/shelf.js");
  const { Recorder } = await import("/static/js/room/media/recorder.js");
  const canvas = document.body.appendChild(document.createElement("canvas"));
  const context = canvas.getContext("2d");
  const drawing = setInterval(() => context.fillRect(Math.random() * 99, 0, 9, 9), 20);
  const shelf = await Shelf.open(room);
  const recorder = new Recorder({ shelf });
  await recorder.follow(canvas.captureStream().getTracks());
  await recorder.setOn(true);
  if (ended) await recorder.setOn(false);
  clearInterval(drawing);
  return { takes: await shelf.takes(), left: await shelf.count(await shelf.takes()) };
}"""
SHELVED = """async ([room, chunks]) => {
  const { Shelf } = await import("/static/js/room/media/shelf.js");
  const { sha256 } = await import("/static/js/room/media/recorder.js");
  const shelf = await Shelf.open(room);
  await shelf.add({ id: room, mime_type: "video/webm", started_ms: 1000 });
  for (let sequence = 0; sequence < chunks; sequence += 1) {
    const bytes = new TextEncoder().encode(`chunk ${sequence}`).buffer;
    await shelf.put(room, { sequence, bytes, sha256: await sha256(bytes) });
  }
}"""
UPLOADED = """async (room) => {
  const { Shelf } = await import("/static/js/room/media/shelf.js");
  const { Uploader } = await import("/static/js/room/media/uploader.js");
  window.progress = [];
  window.refusals = [];
  const shelf = await Shelf.open(room);
  window.uploader = new Uploader({
    shelf, takesUrl: "/stub/takes/",
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


# --- Frames ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("round_trip_ms", "fps"), [(20, 15), (150, 12), (500, 3.6), (3000, 0.7)])
def test_frames_come_as_often_as_round_trips_allow_and_never_more_than_two_are_under_way(page, round_trip_ms, fps):
    paced = page.evaluate(PACED, [LIMITS, round_trip_ms, True, 15, 20])
    assert paced["fps"] == pytest.approx(fps, rel=0.15)
    assert paced["most"] <= 2


def test_frames_thin_out_while_the_server_drops_them(page):
    assert page.evaluate(PACED, [LIMITS, 20, False, 15, 20])["fps"] == pytest.approx(15, rel=0.1)
    assert page.evaluate(PACED, [LIMITS, 150, False, 15, 20])["fps"] < 4


@pytest.mark.parametrize(("wanted", "fps"), [(0, 0), (2, 2), (5, 5)])
def test_no_more_frames_than_the_server_asks_for(page, wanted, fps):
    assert page.evaluate(PACED, [LIMITS, 20, True, wanted, 10])["fps"] == pytest.approx(fps, abs=0.2)


# --- Sound ----------------------------------------------------------------------------------------------------------


def test_capture_times_do_not_follow_late_messages(page):
    times = page.evaluate(
        """async () => {
          const { SampleClock } = await import("/static/js/room/media/sound.js");
          const clock = new SampleClock(16000);
          const late = [40, 5, 80, 0, 30];
          return late.map((ms, at) => clock.capturedMs(at * 1600, 1600, 5000 + (at + 1) * 100 + ms) - at * 100);
        }"""
    )
    assert times == [5040, 5005, 5005, 5000, 5000]


def test_sound_that_finds_no_connection_leaves_a_hole_in_the_numbers_and_the_rest_follows_in_portions(page):
    sent = page.evaluate(
        """async () => {
          const { SoundQueue } = await import("/static/js/room/media/sound.js");
          let connected = false;
          const sent = [];
          const queue = new SoundQueue({ kept: 4, send: ({ sequence }) => connected && sent.push(sequence) > 0 });
          for (let at = 0; at < 6; at += 1) queue.add({});
          connected = true;
          queue.add({});
          const portion = [...sent];
          queue.add({});
          return { portion, sent, lost: queue.lost };
        }"""
    )
    assert sent == {"portion": [3, 4, 5], "sent": [3, 4, 5, 6, 7], "lost": 3}


# --- Dots, light, words ---------------------------------------------------------------------------------------------


def test_only_frames_captured_after_the_eyes_have_settled_belong_to_a_dot(page):
    samples = page.evaluate(
        """async () => {
          const { Looks } = await import("/static/js/room/candidate/dots.js");
          const looks = new Looks();
          const reading = { iris: [1, 2], head: [3, 4], openness: 0.3 };
          looks.show("center", 0);
          for (const [sequence, capturedMs] of [[1, 300], [2, 900], [3, 1000]]) looks.sent({ sequence, capturedMs });
          for (const sequence of [1, 2, 9]) looks.read({ sequence, ...reading });
          looks.show("top_left", 1100);
          looks.read({ sequence: 3, ...reading }); // of the dot before
          looks.sent({ sequence: 4, capturedMs: 1900 });
          looks.read({ sequence: 4, ...reading });
          return looks.samples;
        }"""
    )
    shape = {"iris": [1, 2], "head": [3, 4], "openness": 0.3}
    assert samples == [{"target": "center", **shape}, {"target": "top_left", **shape}]


def test_dots_stand_in_the_nine_areas_of_the_window_left_being_the_candidates_own(scripts):
    assert scripts("room/candidate/dots", "placeOf", "center") == {"left": 50, "top": 50}
    assert scripts("room/candidate/dots", "placeOf", "top_left") == {"left": 7, "top": 7}
    assert scripts("room/candidate/dots", "placeOf", "center_right") == {"left": 93, "top": 50}
    assert scripts("room/candidate/dots", "placeOf", "bottom_center") == {"left": 50, "top": 93}


@pytest.mark.parametrize(("grey", "word"), [(10, "dark"), (120, "good"), (250, "bright")])
def test_light_is_judged_without_the_server(scripts, grey, word):
    assert scripts("room/candidate/light", "lightOf", [grey, grey, grey, 255] * 4) == word


@pytest.mark.parametrize(
    ("agreed", "paused", "recording", "analysis", "words"),
    [
        ((True, True), False, True, "on", ("Recording", "Analysis on")),
        ((True, True), False, True, "lost", ("Recording", "Analysis interrupted")),
        ((True, True), True, False, "on", ("Recording paused", "Analysis paused")),
        ((True, True), False, True, "overloaded", ("Recording", "Analysis paused: the server is busy")),
        ((True, True), False, False, "on", ("Recording is not running", "Analysis on")),
        ((True, False), False, True, "off", ("Recording", "Not analysed")),
        ((False, False), False, False, "off", ("Not recorded", "Not analysed")),
    ],
)
def test_the_indicators_say_what_is_so(scripts, agreed, paused, recording, analysis, words):
    shown = scripts(
        "room/candidate/call",
        "indicators",
        {
            "agreements": {"recording": agreed[0], "analysis": agreed[1]},
            "isPaused": paused,
            "recording": {"recording": recording},
            "analysis": {"state": "on" if analysis == "lost" else analysis},
            "connection": {"state": "waiting" if analysis == "lost" else "open"},
        },
    )
    assert (shown["recording"]["words"], shown["analysis"]["words"]) == words


@pytest.mark.parametrize(
    ("link", "is_here", "words"),
    [
        ("connected", True, ""),
        ("connecting", True, "Calling Rita …"),
        ("interrupted", True, "is interrupted. It comes back by itself."),
        ("failed", True, "find no way between your network and that of Rita"),
        (None, False, "Rita is not in the room just now. Please stay"),
        ("connecting", False, "Rita is not in the room just now. Please stay"),
    ],
)
def test_a_host_who_is_gone_or_out_of_reach_is_said(scripts, link, is_here, words):
    told = scripts("room/candidate/call", "remoteWords", {"name": "Rita", "link": link, "isHere": is_here})
    assert words in told
    assert bool(told) == bool(words)


def test_device_troubles_are_told_in_sentences(scripts):
    def told(name: str, message: str = "") -> str:
        return str(scripts("room/media/devices", "deviceSentence", "camera", {"name": name, "message": message}))

    assert "blocked for this page" in told("NotAllowedError", "Permission denied")
    assert "system settings" in told("NotAllowedError", "Permission denied by system")
    assert "No camera was found" in told("NotFoundError")
    assert "another program" in told("NotReadableError")
    assert "OddError" in told("OddError")


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


def test_what_the_browser_records_is_on_the_shelf_when_the_recorder_has_stopped(page):
    recorded = page.evaluate(RECORDED, ["recorder", True])
    assert [(take["complete"], take["chunks"]) for take in recorded["takes"]] == [(True, recorded["left"])]
    assert recorded["left"] >= 1


def test_the_shelf_survives_a_reload_and_is_sent_in_order(page):
    takes = Takes(page)
    page.evaluate(SHELVED, ["reloaded", 3])
    page.reload()
    page.evaluate(UPLOADED, "reloaded")
    eventually(page, SENT)
    assert takes.chunks == EVERYTHING
    assert takes.finished == [{"chunks": 3}]  # nobody holds the take any more: no further chunk can come
    assert takes.begun[0]["started_ms"] == 1000 < takes.begun[0]["sent_ms"]


def test_two_minutes_of_chunks_wait_on_the_shelf_and_follow_in_order(page):
    takes = Takes(page)
    takes.failures = [(0, {})] * 3
    page.evaluate(SHELVED, ["away", 45])
    page.evaluate(UPLOADED, "away")
    eventually(page, "progress.some((one) => one.left === 45)")
    page.evaluate("setInterval(() => uploader.nudge(), 50)")
    eventually(page, SENT, 30)
    assert takes.chunks == [f"chunk {sequence}" for sequence in range(45)]


@pytest.mark.parametrize("silent", ["**/stub/takes/", "**/chunks/1/", "**/finish/"])
def test_what_waits_for_an_answer_that_never_comes_is_asked_anew_when_the_server_is_back(page, silent):
    takes = Takes(page)
    page.route(silent, lambda route: None, times=1)
    page.evaluate(SHELVED, ["silent", 3])
    with page.expect_request(silent):
        page.evaluate(UPLOADED, "silent")
    page.evaluate("uploader.serverIsBack()")
    eventually(page, SENT)
    assert takes.chunks == EVERYTHING


def test_connections_that_died_unnoticed_are_used_up_quickly(page):
    page.clock.install()
    takes = Takes(page)
    page.evaluate(SHELVED, ["half-open", 3])
    page.route("**/chunks/0/", lambda route: None, times=1)
    asked = []
    page.route("**/stub/takes/1/", lambda route: asked.append(route), times=4)
    with page.expect_request("**/chunks/0/"):
        page.evaluate(UPLOADED, "half-open")
    page.evaluate("uploader.serverIsBack()")
    for _ in range(25):  # two seconds each: less than the minute that one large request has
        page.clock.run_for(2000)
        time.sleep(0.1)  # of real time, in which the page reads its shelf
    eventually(page, SENT)
    assert (len(asked), takes.chunks) == (4, EVERYTHING)


def test_a_page_of_a_proxy_is_no_refusal(page):
    takes = Takes(page)
    takes.failures = [(404, None), (413, None)]
    page.evaluate(SHELVED, ["proxied", 3])
    page.evaluate(UPLOADED, "proxied")
    eventually(page, "progress.some((one) => one.sentence)")
    page.evaluate("setInterval(() => uploader.nudge(), 50)")
    eventually(page, SENT)
    assert takes.chunks == EVERYTHING
    assert page.evaluate("refusals") == []


def test_a_network_that_fails_only_delays(page):
    takes = Takes(page)
    takes.failures = [(0, {}), (503, {}), (200, {"not": "ours"})]
    page.evaluate(SHELVED, ["delayed", 3])
    page.evaluate(UPLOADED, "delayed")
    eventually(page, "progress.some((one) => one.sentence)")
    page.evaluate("setInterval(() => uploader.nudge(), 50)")  # instead of waiting for its own growing pauses
    eventually(page, SENT)
    assert takes.chunks == EVERYTHING


def test_chunks_that_arrived_without_our_knowing_are_not_sent_again(page):
    takes = Takes(page)
    takes.chunks = EVERYTHING[:2]
    takes.failures = [(201, {"number": 1, "next_sequence": 0})]
    page.evaluate(SHELVED, ["known", 3])
    page.evaluate(UPLOADED, "known")
    eventually(page, SENT)
    assert takes.chunks == EVERYTHING


def test_a_recording_that_is_refused_for_good_is_given_up_with_the_reason(page):
    takes = Takes(page)
    takes.failures = [(409, {"code": "not_agreed", "detail": "The candidate has not agreed to be recorded."})]
    page.evaluate(SHELVED, ["refused", 3])
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
