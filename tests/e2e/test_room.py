"""A whole live interview in two browser contexts: invitation, agreements, call, readings, questions, end, report."""

from collections.abc import Iterator
from typing import Any

import pytest

from ml.artifacts import find
from tests.e2e import fake_devices
from tests.e2e.conftest import ANALYSIS_MS, ARGUMENTS, RECRUITER, Platform, Watched, enter, eventually
from tests.e2e.test_accessibility import violations

CONNECTED_MS = 20_000
CALIBRATED_MS = 90_000
READ_MS = 120_000
"""A worker process starts and loads its models; speech needs a window of sound besides. Two browser pages with a call
and the worker share two processors with other tests: what is waited for here is whether it comes, not when."""
QUESTIONS = ("What are you proud of?", "What would you do differently?")
SEEN = ("facial_expression", "eye_emotion", "eye_gaze")
SIZE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def fitted_browser(browser: Any, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser with a face at its camera and a voice at its microphone: devices belong to a browser, not to a page."""
    folder = tmp_path_factory.mktemp("devices")
    camera = fake_devices.write_camera(folder / "camera.y4m")
    microphone = fake_devices.write_microphone(folder / "microphone.wav")
    devices = fake_devices.arguments(camera, microphone)
    fitted = browser.browser_type.launch(executable_path=chromium, args=[*ARGUMENTS, *devices])
    yield fitted
    fitted.close()


@pytest.fixture
def people(fitted_browser: Any, platform: Platform, sessions: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """The host's page, logged in, and the candidate's; the test fails if either browser complained."""
    contexts = [
        fitted_browser.new_context(base_url=platform.url, storage_state=state, viewport=SIZE)
        for state in (sessions[RECRUITER], None)
    ]
    watched = [Watched(context) for context in contexts]
    yield watched[0].page, watched[1].page
    for context in contexts:
        context.close()
    assert [watch.complaints for watch in watched] == [[], []]


def make_room(host: Any, name: str) -> str:
    """Set up an interview on the form, go into its room, and return the candidate's link."""
    host.goto("/interviews/")
    host.locator("#main").get_by_role("link", name="Live interview").click()
    host.get_by_label("Candidate's name").fill(name)
    host.get_by_label("Candidate's e-mail address").fill("dana@mail.example")
    host.get_by_label("Questions you want to ask").fill("\n".join(QUESTIONS))
    host.get_by_role("button", name="Create the room").click()
    host.get_by_role("heading", name="The room is ready").wait_for()
    link: str = host.get_by_label("Link for the candidate").input_value()
    host.get_by_role("link", name="Go to the room").click()
    host.get_by_text(f"{name} is not here yet").wait_for()
    return link


def get_ready(candidate: Any, link: str, *, calibrating: bool = False) -> None:
    """The candidate agrees to recording and analysis, checks the devices and goes on without a calibration: at once,
    or after having looked at the nine dots as the camera's film does, which does not follow them."""
    enter(candidate, link)
    candidate.locator("#agree-recording").check()
    candidate.locator("#agree-analysis").check()
    candidate.locator("[data-agree-submit]").click()
    check = candidate.locator("[data-step='check']")
    check.get_by_role("button", name="Continue").click(timeout=CONNECTED_MS)
    calibrate = candidate.locator("[data-step='calibrate']")
    if calibrating:
        calibrate.locator("[data-start]").click()
        refused = calibrate.locator("[data-result]", has_text="try again")
        refused.wait_for(timeout=CALIBRATED_MS)
    calibrate.locator("[data-skip]").click()
    candidate.locator("#wait-title").wait_for()


def has_picture(page: Any, selector: str) -> None:
    eventually(page, f"document.querySelector('{selector}').videoWidth > 0", CONNECTED_MS / 1000)


def test_from_invitation_to_report(people):
    host, candidate = people
    link = make_room(host, "Dana Diaz")
    get_ready(candidate, link, calibrating=True)
    assert link.rsplit("/", 2)[1] not in candidate.url
    host.get_by_text("Agreed to recording and analysis").wait_for()
    host.get_by_text("Ready, waiting to be let in").wait_for()
    assert violations(host) == []

    host.get_by_role("button", name="Let Dana Diaz in").click()
    host.locator("#call-stage[data-picture='video']").wait_for(timeout=CONNECTED_MS)
    has_picture(host, "#candidate-video")
    has_picture(candidate, "[data-remote]")

    for modality in SEEN:
        host.locator(f"[data-modality='{modality}'] [data-now][data-fresh='yes']").wait_for(timeout=READ_MS)
    host.locator("[data-lane='speech_emotion'][aria-label*='%']").wait_for(timeout=READ_MS)
    host.locator("#readings-age[data-level='good'], #readings-age[data-level='slow']").wait_for()
    host.locator("[data-modality='facial_expression'] [data-shares] tr").first.wait_for(timeout=READ_MS)
    host.locator("#calibration", has_text="not calibrated").wait_for()
    assert find("facial_expression").manifest.version in host.locator("#models").inner_text()

    host.keyboard.press("q")
    host.locator("#prepared .is-asked", has_text=QUESTIONS[0]).wait_for()
    host.keyboard.press("n")
    host.keyboard.type("quick to the point")
    host.keyboard.press("Enter")
    host.locator("#notes li", has_text="quick to the point").wait_for()

    candidate.reload()
    has_picture(candidate, "[data-remote]")
    has_picture(host, "#candidate-video")

    host.get_by_role("switch", name="Hide from me").click()
    host.get_by_text("Live readings are hidden from you").wait_for()
    assert host.locator("#readings-body").is_hidden()
    host.get_by_role("switch", name="Hide from me").click()
    host.locator("[data-modality='eye_gaze'] [data-now][data-fresh='yes']").wait_for(timeout=READ_MS)

    host.get_by_role("button", name="End interview").click()
    host.locator("#end-dialog [data-dialog-confirm]").click()
    candidate.locator("[data-step='after']").wait_for()
    report = host.get_by_role("link", name="Open the report")
    report.wait_for(timeout=ANALYSIS_MS)
    assert violations(host) == []
    report.click()
    host.get_by_role("tab", name="Questions").click()
    assert QUESTIONS[0] in host.locator("#questions").inner_text()
    host.get_by_role("tab", name="Notes").click()
    noted = host.locator("#notes-list").inner_text()
    assert "quick to the point" in noted
    assert QUESTIONS[1] in noted, "prepared, and not asked"
