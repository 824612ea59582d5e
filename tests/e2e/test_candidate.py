"""The candidate's page, step by step, with Chromium's own test picture and tone at camera and microphone."""

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError

from tests.e2e.conftest import ARGUMENTS, RECRUITER, Platform, Watched, enter, eventually
from tests.e2e.test_accessibility import violations

# Ten frames a second: every frame is encoded twice without hardware, for the call and for the recording.
DEVICES = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=fps=10"]
RECORDING_MS = 20_000
KEPT = re.compile(r"^(9|[1-9]\d) s of the recording are kept here")
CSRF = "document.cookie.match(/csrftoken=([^;]+)/)[1]"
KEEP_TRACKS = """
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.opened = {};
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await open(wish);
    for (const track of stream.getTracks()) window.opened[track.kind] = track;
    return stream;
  };
"""
FULL_DISK = """
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value) {
    if (this.name === "chunks" && window.isFull !== false) throw new DOMException("full", "QuotaExceededError");
    return put.call(this, value);
  };
"""


@dataclass(frozen=True)
class Room:
    """A live interview as its host made it; the host acts through the API."""

    host: Any
    id: str
    link: str

    def open(self) -> None:
        assert post(self.host, f"/api/v1/rooms/{self.id}/open/")["status"] == "live"

    def end(self) -> None:
        post(self.host, f"/api/v1/rooms/{self.id}/end/")

    def let_in_again(self) -> None:
        """Let a browser in that was killed, if the cookies of its last half minute were lost with it."""
        if self.state()["invitation"]["asking"]:
            headers = {"X-CSRFToken": self.host.evaluate(CSRF), "Referer": self.host.url}
            assert self.host.request.post(f"/api/v1/rooms/{self.id}/device/", headers=headers).status == 204

    def state(self) -> Any:
        return self.host.request.get(f"/api/v1/rooms/{self.id}/").json()


def post(page: Any, path: str, data: dict[str, Any] | None = None) -> Any:
    headers = {"X-CSRFToken": page.evaluate(CSRF), "Referer": page.url}
    answer = page.request.post(path, data=data or {}, headers=headers)
    assert answer.ok, answer.text()
    return answer.json()


@pytest.fixture(scope="module")
def camera_browser(browser: Any, chromium: str) -> Iterator[Any]:
    """Devices belong to a browser, not to a page."""
    fitted = browser.browser_type.launch(executable_path=chromium, args=[*ARGUMENTS, *DEVICES])
    yield fitted
    fitted.close()


@pytest.fixture
def room(browser: Any, platform: Platform, sessions: dict[str, Any]) -> Iterator[Room]:
    context = browser.new_context(base_url=platform.url, storage_state=sessions[RECRUITER])
    host = context.new_page()
    host.goto("/interviews/")
    who = {"candidate_name": "Dana Diaz", "candidate_email": "dana@mail.example", "position": "Data analyst"}
    made = post(host, "/api/v1/rooms/", who)
    yield Room(host, made["id"], made["invitation"]["url"])
    context.close()


def candidate_page(browser: Any, platform: Platform, script: str = "") -> Iterator[Any]:
    context = browser.new_context(base_url=platform.url, viewport={"width": 1280, "height": 900})
    context.add_init_script(KEEP_TRACKS + script)
    watched = Watched(context)
    watched.page.on("dialog", lambda dialog: dialog.accept())  # leaving a running call by a reload asks first
    yield watched.page
    context.close()
    assert watched.complaints == []


@pytest.fixture
def candidate(camera_browser: Any, platform: Platform) -> Iterator[Any]:
    yield from candidate_page(camera_browser, platform)


@pytest.fixture
def candidate_without_devices(browser: Any, platform: Platform) -> Iterator[Any]:
    yield from candidate_page(browser, platform)


@pytest.fixture
def candidate_with_a_full_disk(camera_browser: Any, platform: Platform) -> Iterator[Any]:
    yield from candidate_page(camera_browser, platform, FULL_DISK)


def step(page: Any, name: str) -> Any:
    section = page.locator(f"[data-step='{name}']")
    section.wait_for()
    return section


def agree(page: Any, link: str, *, recording: bool = True, analysis: bool = True, transcript: bool = False) -> None:
    enter(page, link)
    step(page, "agree")
    if recording:
        step(page, "agree").get_by_label("Recording.").check()
    if analysis:
        step(page, "agree").get_by_label("Analysis.").check()
    if transcript:
        step(page, "agree").get_by_label("Transcript.").check()
    page.locator("[data-agree-submit]").click()


def reach_waiting_room(page: Any, link: str, **choice: bool) -> None:
    agree(page, link, **choice)
    step(page, "check").get_by_role("button", name="Continue", exact=True).click()
    if choice.get("analysis", True):
        step(page, "calibrate").get_by_role("button", name="Skip").click()
    step(page, "wait")


def reach_call(page: Any, room: Room, **choice: bool) -> Any:
    reach_waiting_room(page, room.link, **choice)
    room.open()
    return step(page, "call")


# --- To the waiting room --------------------------------------------------------------------------------------------


def test_every_step_to_the_waiting_room_is_accessible(room, candidate):
    candidate.goto(room.link)
    candidate.get_by_role("button", name="Go on in this browser").wait_for()
    assert violations(candidate) == []
    enter(candidate, room.link)
    step(candidate, "agree")
    assert violations(candidate) == []
    agree(candidate, room.link)
    check = step(candidate, "check")
    check.get_by_text("We hear you").wait_for()
    assert violations(candidate) == []
    check.get_by_role("button", name="Continue", exact=True).click()
    calibrate = step(candidate, "calibrate")
    assert violations(candidate) == []
    calibrate.get_by_role("button", name="Skip").click()
    step(candidate, "wait")
    assert violations(candidate) == []


def test_closed_doors_say_whom_to_ask(room, candidate):
    candidate.goto("/join/no-such-token-0123456789/")
    candidate.get_by_role("heading", name="This link does not open an interview").wait_for()
    assert violations(candidate) == []
    post(room.host, f"/api/v1/rooms/{room.id}/invitation/")
    candidate.goto(room.link)
    candidate.get_by_text("Look for a newer message").wait_for()
    candidate.get_by_text("Rita Recruiter of Northwind Hiring").wait_for()


@pytest.mark.parametrize(
    ("recording", "analysis", "transcript", "button", "summary"),
    [
        (True, True, True, "Continue with recording, analysis and transcript", "Transcript: made from the recording"),
        (True, True, False, "Continue with recording and analysis", "Analysis: on from the start"),
        (True, False, True, "Continue with recording and transcript", "No analysis"),
        (True, False, False, "Continue with recording only", "No transcript"),
        (False, False, False, "Continue without recording", "No recording"),
    ],
)
def test_five_choices_lead_to_the_waiting_room(room, candidate, recording, analysis, transcript, button, summary):
    enter(candidate, room.link)
    step(candidate, "agree")
    assert step(candidate, "agree").get_by_label("Recording.").is_checked() is False  # nothing is chosen for anybody
    step(candidate, "agree").get_by_label("Recording.").set_checked(recording)
    for chosen, label in ((analysis, "Analysis."), (transcript, "Transcript.")):
        if chosen:
            step(candidate, "agree").get_by_label(label).check()
    assert candidate.locator("[data-choice][aria-current]").count() == 1
    candidate.get_by_role("button", name=button, exact=True).click()
    step(candidate, "check").get_by_role("button", name="Continue", exact=True).click()
    if analysis:
        candidate.get_by_role("button", name="Skip").click()
    step(candidate, "wait").get_by_text(summary).wait_for()
    answers = {"recording": recording, "analysis": analysis, "transcript": transcript}
    assert room.state()["agreements"] == answers


@pytest.mark.parametrize("purpose", ["Analysis.", "Transcript."])
def test_nothing_can_be_chosen_without_the_recording_it_is_made_from(room, candidate, purpose):
    enter(candidate, room.link)
    step(candidate, "agree")
    assert step(candidate, "agree").get_by_label(purpose).is_disabled()
    step(candidate, "agree").get_by_label("Recording.").check()
    step(candidate, "agree").get_by_label(purpose).check()
    step(candidate, "agree").get_by_label("Recording.").uncheck()
    assert step(candidate, "agree").get_by_label(purpose).is_checked() is False


def test_the_keyboard_alone_reaches_the_waiting_room_and_the_focus_follows(room, candidate):
    enter(candidate, room.link)
    step(candidate, "agree")
    step(candidate, "agree").get_by_label("Recording.").focus()
    candidate.keyboard.press("Space")
    candidate.keyboard.press("Enter")
    eventually(candidate, "document.activeElement.id === 'check-title'")
    button = step(candidate, "check").locator("[data-next]:enabled")
    button.focus()
    candidate.keyboard.press("Enter")
    eventually(candidate, "document.activeElement.id === 'wait-title'")


def test_a_blocked_camera_is_explained_and_can_be_tried_again(room, candidate_without_devices):
    page = candidate_without_devices
    agree(page, room.link)
    check = step(page, "check")
    check.locator("#camera-problem").get_by_text("camera").wait_for()
    check.get_by_role("button", name="Try again").wait_for()
    assert check.get_by_role("button", name="Continue", exact=True).is_disabled()
    assert violations(page) == []


def test_escape_ends_the_dots_and_the_calibration_stays_optional(room, candidate):
    agree(candidate, room.link)
    step(candidate, "check").get_by_role("button", name="Continue", exact=True).click()
    calibrate = step(candidate, "calibrate")
    calibrate.get_by_role("button", name="Start", exact=True).click()
    candidate.get_by_text("Dot 1 of 9").wait_for()
    candidate.keyboard.press("Escape")
    calibrate.get_by_text("Stopped. Start again").wait_for()
    calibrate.get_by_role("button", name="Skip").click()
    step(candidate, "wait").get_by_text("Gaze: not calibrated").wait_for()


def test_a_reload_comes_back_to_the_same_step(room, candidate):
    reach_waiting_room(candidate, room.link)
    candidate.reload()
    step(candidate, "wait").get_by_text("Microphone works").wait_for()


def test_another_tab_takes_over_and_the_first_lets_camera_and_microphone_go(room, candidate):
    reach_waiting_room(candidate, room.link)
    other = candidate.context.new_page()
    other.goto(f"/join/room/{room.id}/")
    step(other, "check")
    stopped = step(candidate, "stopped")
    stopped.get_by_role("heading", name="The interview goes on elsewhere").wait_for()
    assert candidate.evaluate("Object.values(opened).map((track) => track.readyState)") == ["ended", "ended"]
    assert violations(candidate) == []


# --- The call -------------------------------------------------------------------------------------------------------


def test_the_call_shows_what_is_on_and_pauses_both(room, candidate):
    call = reach_call(candidate, room)
    call.get_by_text("Recording", exact=True).wait_for(timeout=RECORDING_MS)
    assert violations(candidate) == []
    call.get_by_role("button", name="Pause both").click()
    call.get_by_text("Recording paused").wait_for()
    call.get_by_text("Analysis paused").wait_for()
    call.get_by_role("button", name="Resume both").click()
    call.get_by_text("Recording", exact=True).wait_for(timeout=RECORDING_MS)


def test_a_reload_in_the_call_goes_on_recording_in_the_next_take(room, candidate):
    call = reach_call(candidate, room, analysis=False)
    call.get_by_text("Recording", exact=True).wait_for(timeout=RECORDING_MS)
    candidate.reload()
    step(candidate, "call").get_by_text("Recording", exact=True).wait_for(timeout=RECORDING_MS)
    takes = f"fetch('/api/v1/join/{room.id}/').then((answer) => answer.json()).then(({{ takes }}) => takes.length)"
    eventually(candidate, f"{takes}.then((count) => count === 2)", RECORDING_MS / 1000)


def test_without_agreement_nothing_is_recorded(room, candidate):
    call = reach_call(candidate, room, recording=False, analysis=False)
    call.get_by_text("Not recorded").wait_for()
    call.get_by_text("Not analysed").wait_for()
    assert call.get_by_role("button", name="Pause").count() == 0
    candidate.evaluate("window.stop()")
    assert room.state()["received"]["chunks"] == 0


def test_who_takes_it_back_in_mid_call_has_what_was_recorded_erased_and_goes_on_talking(room, candidate):
    call = reach_call(candidate, room, analysis=False)
    call.get_by_text("Recording", exact=True).wait_for(timeout=RECORDING_MS)
    call.get_by_role("button", name="Take back my agreement").click()
    dialog = candidate.locator("#take-back-dialog")
    assert "may be kept by" in dialog.inner_text()
    dialog.get_by_role("button", name="Take back my agreement").click()
    call.get_by_text("Not recorded").wait_for()
    assert room.state()["received"]["chunks"] == 0
    assert room.state()["agreements"]["recording"] is False

    call.get_by_role("button", name="Change what I agree to").click()
    again = candidate.locator("#answers-dialog")
    again.get_by_label("Recording.").check()
    assert violations(candidate) == []
    again.get_by_role("button", name="Store my answers").click()
    call.get_by_text("Recording", exact=True).wait_for(timeout=RECORDING_MS)
    assert room.state()["agreements"] == {"recording": True, "analysis": False, "transcript": False}
    call.get_by_role("button", name="Change what I agree to").click()
    assert again.get_by_label("Recording.").is_disabled(), "taking it back asks what becomes of it"


def test_a_lost_camera_and_a_muted_microphone_are_told(room, candidate):
    call = reach_call(candidate, room, analysis=False)
    candidate.evaluate("opened.audio.dispatchEvent(new Event('mute'))")
    call.get_by_text("muted by the system").wait_for()
    candidate.evaluate("opened.audio.dispatchEvent(new Event('unmute'))")
    call.get_by_text("muted by the system").wait_for(state="detached")
    candidate.evaluate("opened.video.dispatchEvent(new Event('ended'))")
    call.get_by_text("The camera is gone").wait_for()
    assert call.get_by_role("button", name="No camera").is_disabled()


def test_a_full_device_is_told_and_the_recording_comes_back(room, candidate_with_a_full_disk):
    page = candidate_with_a_full_disk
    call = reach_call(page, room, analysis=False)
    call.get_by_text("no space left for the recording").wait_for(timeout=RECORDING_MS)
    call.get_by_text("Recording is not running").wait_for()
    page.evaluate("window.isFull = false")
    call.get_by_text("Recording", exact=True).wait_for(timeout=RECORDING_MS)


def test_leaving_asks_first_sends_the_rest_and_lets_one_come_back(room, candidate):
    call = reach_call(candidate, room, analysis=False)
    call.get_by_text("Recording", exact=True).wait_for(timeout=RECORDING_MS)
    call.get_by_role("button", name="Leave").click()
    candidate.get_by_role("button", name="Stay").click()
    call.get_by_role("button", name="Leave").click()
    candidate.locator("#leave-dialog").get_by_role("button", name="Leave").click()
    after = step(candidate, "after")
    after.get_by_text("Everything that was recorded has arrived").wait_for(timeout=RECORDING_MS)
    assert violations(candidate) == []
    assert room.state()["received"]["chunks"] >= 1
    after.get_by_role("button", name="Come back").click()
    step(candidate, "check")


def test_the_end_is_told_and_the_rest_of_the_recording_arrives(room, candidate):
    call = reach_call(candidate, room, analysis=False)
    call.get_by_text("Recording", exact=True).wait_for(timeout=RECORDING_MS)
    room.end()
    after = step(candidate, "after")
    after.get_by_role("heading", name="The interview has ended").wait_for()
    after.get_by_text("Everything that was recorded has arrived").wait_for(timeout=RECORDING_MS)
    assert candidate.evaluate("Object.values(opened).map((track) => track.readyState)") == ["ended", "ended"]


# --- What was recorded survives -------------------------------------------------------------------------------------


def await_chunks(room: Room, least: int, timeout_s: float = 40.0) -> None:
    """Until so many chunks of the recording have reached the server."""
    deadline = time.monotonic() + timeout_s
    while (received := room.state()["received"]["chunks"]) < least:
        assert time.monotonic() < deadline, f"{received} of {least} chunks arrived"
        room.host.wait_for_timeout(200)


def test_a_network_that_is_away_costs_nothing_of_the_recording(room, candidate):
    call = reach_call(candidate, room, analysis=False)
    call.get_by_text("Recording", exact=True).wait_for(timeout=RECORDING_MS)
    await_chunks(room, 1)
    candidate.context.set_offline(True)
    call.get_by_text(KEPT).wait_for(timeout=RECORDING_MS)
    assert call.get_by_text("Recording", exact=True).is_visible()
    before = room.state()["received"]["chunks"]
    candidate.context.set_offline(False)
    await_chunks(room, before + 3)
    room.end()
    step(candidate, "after").get_by_text("Everything that was recorded has arrived").wait_for(timeout=RECORDING_MS)


def test_a_browser_that_crashes_sends_what_it_had_put_away_when_it_is_back(room, browser, chromium, platform, tmp_path):
    def launch() -> Any:
        fitted = {"executable_path": chromium, "args": [*ARGUMENTS, *DEVICES], "base_url": platform.url}
        return browser.browser_type.launch_persistent_context(tmp_path / "profile", **fitted)

    crashing = launch()
    page = crashing.pages[0]
    page.route("**/chunks/**", lambda route: route.abort())
    reach_call(page, room, analysis=False).get_by_text(KEPT).wait_for(timeout=2 * RECORDING_MS)
    assert room.state()["received"]["chunks"] == 0
    kill_everything_of(tmp_path / "profile")
    # The browser is gone; closing frees what this side holds, and may find it gone.
    with suppress(PlaywrightError):
        crashing.close()
    again = launch()
    enter(again.pages[0], room.link)
    room.let_in_again()
    await_chunks(room, 3)
    again.close()


def kill_everything_of(profile: Path) -> None:
    """SIGKILL to every process that was told to use this profile: no page gets a word in."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"--user-data-dir={profile}".encode() in (folder / "cmdline").read_bytes():
                os.kill(int(folder.name), signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            continue


def test_after_the_interview_the_link_leads_to_the_own_page(room, candidate):
    agree(candidate, room.link)
    step(candidate, "check")
    post(room.host, f"/api/v1/rooms/{room.id}/end/")
    candidate.goto(room.link)
    candidate.get_by_role("button", name="Open my page").click()
    candidate.get_by_role("heading", name="Your interview with Northwind Hiring").wait_for()
    assert candidate.get_by_role("heading", name="Show that it is you").count() == 0, "the browser that took part"
    assert violations(candidate) == []
    candidate.get_by_role("link", name="Ask for erasure").click()
    candidate.get_by_role("button", name="Ask for erasure").click()
    candidate.get_by_text("30 days left").first.wait_for()
