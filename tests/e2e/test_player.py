"""The player: what browsers do not play is played as a copy, and every second is the one that the report means."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import eventually
from tests.e2e.test_upload import fill_in, submit
from tests.factories.containers import BAR, make_container

DURATION_S = 4.0
COPY_S = 60.0
PLAYER = "document.getElementById('player')"
SHOWN = """async (second) => {
  const video = document.getElementById("player");
  const seeked = new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }));
  video.currentTime = second;
  await seeked;
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0);
  const line = context.getImageData(0, Math.floor(canvas.height / 2), canvas.width, 1).data;
  const bright = [...Array(canvas.width).keys()].filter((x) => line[4 * x] > 127);
  return bright.reduce((sum, x) => sum + x + 0.5, 0) / bright.length / canvas.width;
}"""
"""Where in the picture the bar is that wanders from left to right, 0..1."""


def upload(page: Any, path: Path, name: str) -> None:
    fill_in(page, path, name)
    submit(page)
    page.wait_for_url("**/interviews/*-*/")


def second_shown(page: Any, second: float) -> float:
    """The second that the picture shows after a seek to ``second``."""
    return float((page.evaluate(SHOWN, second) - BAR / 640) * DURATION_S / (1 - BAR / 320))


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("part2.avi", {"video": ("mpeg4",), "audio": ("libmp3lame",)}),
        ("hevc.mov", {"video": ("libx265",)}),
        ("late.mkv", {"start_s": 6 * 3600.0}),
    ],
)
def test_what_browsers_do_not_play_is_shown_as_a_copy_at_the_same_seconds(page, tmp_path, name, given):
    upload(page, make_container(tmp_path / name, duration_s=DURATION_S, **given), f"Copy {name}")
    eventually(page, f"{PLAYER}.readyState >= 2", COPY_S)  # without a reload by the user
    assert "/media/playback/" in page.evaluate(f"{PLAYER}.currentSrc")
    assert page.evaluate(f"{PLAYER}.duration") == pytest.approx(DURATION_S, abs=0.1)
    for second in (1.0, 3.0, 2.0):
        assert second_shown(page, second) == pytest.approx(second, abs=0.1)
    assert page.locator("#player-copy").is_visible()
    assert page.locator("#player-preparing").is_hidden()


def test_what_this_browser_cannot_play_after_all_gets_a_copy(page, tmp_path):
    page.route("**/media/recordings/*/", lambda route: route.fulfill(body=b"nothing", content_type="video/mp4"))
    upload(page, make_container(tmp_path / "fine.mp4", duration_s=DURATION_S + 0.2), "Odd Browser")
    eventually(page, f"{PLAYER}.currentSrc.includes('/media/playback/') && {PLAYER}.readyState >= 2", COPY_S)
    assert page.evaluate(f"{PLAYER}.videoWidth") == 320
    assert page.locator("#player-problem").is_hidden()


def test_a_copy_that_cannot_be_made_is_told_with_the_download(page, tmp_path):
    failed = {"state": "failed", "url": "", "poster": "", "obstacle": "It is odd.", "reason": "So.", "progress": 0}
    page.route("**/api/v1/recordings/*/playback/", lambda route: route.fulfill(json=failed))
    given = {"video": ("mpeg4",), "audio": ("libmp3lame",)}
    upload(page, make_container(tmp_path / "odd.avi", duration_s=2.0, **given), "No Copy")
    notice = page.locator("#player-failed")
    notice.wait_for()
    assert "It is odd." in notice.inner_text()
    assert notice.get_by_role("link", name="Download the original").is_visible()
    assert notice.get_by_role("button", name="Try again").is_visible()


def test_a_file_is_refused_by_its_name_when_it_is_chosen(page, tmp_path):
    page.goto("/interviews/new/")
    letter = tmp_path / "cv.pdf"
    letter.write_bytes(b"%PDF-1.7")
    page.get_by_label("Recording", exact=True).set_input_files(letter)
    error = page.locator("#file_error .field-error")
    assert error.inner_text().startswith("This is a PDF document, not a video recording.")
    page.get_by_label("Recording", exact=True).set_input_files(make_container(tmp_path / "talk.3gp", audio=()))
    assert error.count() == 0
