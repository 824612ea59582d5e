"""The real thing: ``manage.py run_platform`` with its worker on an empty installation, and a real browser.

Everything here lives as long as this package's tests: a Playwright that is still open would leave its event loop in
the thread, and Django refuses the database to other tests there.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from analysis.live.contract import contract
from tests.conftest import run_together
from tests.e2e.shell import Shell
from tests.factories.data_sets import write_fer2013
from tests.factories.media import make_recording

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
PASSWORD = "candor-demo"
RECRUITER = "rita@northwind.example"
OUTSIDER = "nora@harbor.example"
ADMINISTRATOR = "admin@northwind.example"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--mute-audio",
]
START_S = 60
ANALYSIS_MS = 90_000


def pytest_itemcollected(item: pytest.Item) -> None:
    if HERE in item.path.parents:
        item.add_marker(pytest.mark.e2e)


@dataclass(frozen=True)
class Platform:
    url: str
    var_dir: Path
    shell: Shell

    @property
    def stored_files(self) -> set[Path]:
        """Recordings and pieces of uploads on the disk; not what workers make of recordings in their own time."""
        made = {"timelines", "playback", "work", "erased", "slots"}
        return {path for path in (self.var_dir / "media").rglob("*") if path.is_file() and not made & set(path.parts)}


@pytest.fixture(scope="package")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium on this machine; on Debian: apt-get install chromium")
    return found


@pytest.fixture(scope="package")
def platform(
    chromium: str, prepared: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Platform]:
    """A prepared installation with its programs running; the demo recording is on its way in, unless no test opens it.
    Its training data is FER2013 in small, of noise: that a version is evaluated and trained counts here, not its
    figures."""
    from analysis.management.commands.seed_demo import DEMO_MADE  # here: measure_long_report imports without settings

    data = tmp_path_factory.mktemp("data")
    write_fer2013(data)
    var_dir = Path(shutil.copytree(prepared, tmp_path_factory.mktemp("platform"), dirs_exist_ok=True))
    if not any("demo_report" in item.fixturenames for item in run_together(request.session)):
        (var_dir / DEMO_MADE).touch()  # as where somebody deleted it: its making and analysis take half a minute
    with running(var_dir, TRAINING_DATA_DIR=str(data)) as platform:
        yield platform


@contextlib.contextmanager
def running(var_dir: Path, **settings: str) -> Iterator[Platform]:
    """The programs of the prepared installation in ``var_dir``, with further settings in their environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environment = {**kept, **settings, "VAR_DIR": str(var_dir), "PORT": str(port)}
    manage = [sys.executable, "manage.py"]
    url = f"http://127.0.0.1:{port}"
    with (var_dir / "log").open("wb") as log:
        programs = subprocess.Popen([*manage, "run_platform"], cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_until_it_answers(f"{url}/health/", programs, var_dir / "log")
            with Shell(environment) as shell:
                yield Platform(url, var_dir, shell)
        finally:
            programs.send_signal(signal.SIGINT)
            try:
                programs.wait(timeout=30)
            except subprocess.TimeoutExpired:
                programs.kill()
                programs.wait()


def wait_until_it_answers(url: str, programs: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and programs.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)  # nothing to wait on: another process is starting
    pytest.fail(f"The platform did not start:\n{log.read_text()}")


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def sessions(browser: Any, platform: Platform) -> dict[str, Any]:
    """The cookies of people who have logged in, by address."""
    states = {}
    for email in (RECRUITER, OUTSIDER, ADMINISTRATOR):
        context = browser.new_context(base_url=platform.url)
        page = context.new_page()
        page.goto("/login/")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/interviews/")
        states[email] = context.storage_state()
        context.close()
    return states


def eventually(page: Any, expression: str, timeout_s: float = 10.0) -> None:
    """Wait until a JavaScript expression is true. Playwright's own ``wait_for_function`` evaluates strings inside the
    page, which the content policy rightly forbids."""
    deadline = time.monotonic() + timeout_s
    while not page.evaluate(expression):
        if time.monotonic() > deadline:
            pytest.fail(f"never became true: {expression}")
        page.wait_for_timeout(50)


def enter(page: Any, link: str) -> None:
    """Open a candidate's link, and press its button unless this browser was let in before."""
    page.goto(link)
    button = page.get_by_role("button", name="Go on in this browser")
    if button.count():
        button.click()


class Watched:
    """A page whose complaints are kept: script errors, and what the content policy blocked."""

    def __init__(self, context: Any) -> None:
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        self.page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        # What the tests provoke: answers of 4xx, pieces of an upload that they abort, a network that is away.
        provoked = ("Failed to load resource", "net::ERR_INTERNET_DISCONNECTED")
        if message.type == "error" and not any(words in message.text for words in provoked):
            self.complaints.append(message.text)


@pytest.fixture
def anonymous(browser: Any, platform: Platform) -> Iterator[Any]:
    yield from opened(browser, platform, None)


@pytest.fixture
def page(browser: Any, platform: Platform, sessions: dict[str, Any]) -> Iterator[Any]:
    """A page of a logged-in recruiter. The test fails if the browser complained about anything on it."""
    yield from opened(browser, platform, sessions[RECRUITER])


@pytest.fixture
def outsider_page(browser: Any, platform: Platform, sessions: dict[str, Any]) -> Iterator[Any]:
    """A page of a recruiter of another organization."""
    yield from opened(browser, platform, sessions[OUTSIDER])


@pytest.fixture
def admin_page(browser: Any, platform: Platform, sessions: dict[str, Any]) -> Iterator[Any]:
    """A page of the administrator of the installation."""
    yield from opened(browser, platform, sessions[ADMINISTRATOR])


def opened(browser: Any, platform: Platform, state: Any) -> Iterator[Any]:
    context = browser.new_context(base_url=platform.url, storage_state=state, viewport={"width": 1280, "height": 900})
    watched = Watched(context)
    yield watched.page
    context.close()
    assert watched.complaints == []


@pytest.fixture(scope="package")
def demo_report(browser: Any, platform: Platform, sessions: dict[str, Any]) -> str:
    """The address of the demo recording's report, once its analysis has finished."""
    context = browser.new_context(base_url=platform.url, storage_state=sessions[RECRUITER])
    page = context.new_page()
    page.goto("/interviews/")
    link = page.get_by_role("link", name="Demo Candidate")
    deadline = time.monotonic() + START_S
    while not link.count() and time.monotonic() < deadline:
        page.wait_for_timeout(300)
        page.reload()
    link.click()
    page.get_by_role("tab", name="Overview").wait_for(timeout=ANALYSIS_MS)
    address: str = page.url
    context.close()
    return address


@pytest.fixture(scope="package")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of a face and a voice."""
    return make_recording(tmp_path_factory.mktemp("media") / "interview.mp4")


def with_protocol(page: Any, side: str) -> None:
    """Put the protocol of the live sockets into a page that is no page of a room."""
    page.evaluate(
        """(contract) => {
          const data = document.body.appendChild(document.createElement("script"));
          data.type = "application/json";
          data.id = "room-protocol";
          data.textContent = JSON.stringify(contract);
        }""",
        contract(side),
    )
