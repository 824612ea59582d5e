"""From the login to a report, and everything that can go wrong with an upload."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ANALYSIS_MS, PASSWORD, RECRUITER, Platform
from tests.factories.media import make_recording, make_text_file


def fill_in(page: Any, path: Path, name: str = "Dana Diaz") -> None:
    page.goto("/interviews/new/")
    page.get_by_label("Candidate's name").fill(name)
    page.get_by_label("Candidate's e-mail address").fill("dana@mail.example")
    page.get_by_label("Position").fill("Data Engineer")
    page.get_by_label("Recording", exact=True).set_input_files(path)
    page.get_by_label("is analysed by software").check()
    page.get_by_label("It in words").fill("Signed on paper.")


def submit(page: Any) -> None:
    page.get_by_role("button", name="Upload and analyse").click()


def test_a_recruiter_gets_from_login_to_report_with_the_keyboard_alone(anonymous, recording):
    page = anonymous
    keyboard = page.keyboard

    def tab_to(locator: Any) -> None:
        for _ in range(25):
            if locator.evaluate("element => element === document.activeElement"):
                return
            keyboard.press("Tab")
        pytest.fail(f"{locator} cannot be reached with the Tab key")

    page.goto("/login/")
    tab_to(page.get_by_label("E-mail address"))
    keyboard.type(RECRUITER)
    keyboard.press("Tab")
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    page.wait_for_url("**/interviews/")
    tab_to(page.get_by_role("navigation").get_by_role("link", name="Upload a recording"))
    keyboard.press("Enter")
    page.wait_for_url("**/interviews/new/")
    tab_to(page.get_by_label("Candidate's name"))
    keyboard.type("Kim Keys")
    keyboard.press("Tab")
    keyboard.type("kim@mail.example")
    tab_to(page.get_by_label("Recording", exact=True))
    with page.expect_file_chooser() as chooser:
        keyboard.press("Space")
    chooser.value.set_files(recording)
    tab_to(page.get_by_label("is analysed by software"))
    keyboard.press("Space")
    tab_to(page.get_by_label("It in words"))
    keyboard.type("Signed on paper.")
    tab_to(page.get_by_role("button", name="Upload and analyse"))
    keyboard.press("Enter")
    page.wait_for_url("**/interviews/*-*/")
    page.get_by_role("heading", name="Kim Keys").wait_for()
    page.get_by_role("tab", name="Overview").wait_for(timeout=ANALYSIS_MS)  # without a reload by the user
    assert page.get_by_text("Report ready").first.is_visible()
    assert page.locator("[data-pie]").count() >= 3
    assert page.get_by_role("heading", name="Facial expression").is_visible()


@pytest.mark.parametrize(("language", "agreed"), [("English", True), ("Another language", False)])
def test_the_upload_asks_for_the_language_and_for_the_agreement_to_a_transcript(page, tmp_path, language, agreed):
    fill_in(page, make_recording(tmp_path / f"{language}.mp4", duration_s=2.1 if agreed else 2.3), f"Lena {language}")
    assert page.get_by_label("Spoken language").input_value() == "unknown"
    page.get_by_label("Spoken language").select_option(label=language)
    box = page.get_by_label("writes a transcript of what is said")
    assert not box.is_checked(), "nobody is taken to have agreed"
    box.set_checked(agreed)
    submit(page)
    page.wait_for_url("**/interviews/*-*/")
    assert page.get_by_label("Spoken language").input_value() == ("english" if agreed else "other")
    consent = page.locator("section", has=page.get_by_role("heading", name="Consent")).last
    assert ("Transcript: agreed" in consent.inner_text()) is agreed
    said = page.locator("#transcript-state").inner_text()
    assert ("is not stored with this recording" in said) is not agreed
    assert ("The candidate agreed to a transcript" in said) is agreed


def test_a_running_analysis_shows_its_progress_and_can_be_cancelled_and_started_again(page, tmp_path):
    fill_in(page, make_recording(tmp_path / "long.mp4", duration_s=40.0), "Cora Cancel")
    submit(page)
    page.wait_for_url("**/interviews/*-*/")
    page.get_by_role("progressbar").wait_for()
    page.get_by_role("button", name="Cancel the analysis").click()
    page.get_by_role("heading", name="The analysis was cancelled").wait_for(timeout=20_000)
    page.get_by_role("button", name="Analyse the recording").click()
    page.get_by_role("button", name="Cancel the analysis").click()
    page.get_by_role("heading", name="The analysis was cancelled").wait_for(timeout=20_000)
    assert page.locator("ul.runs li").count() == 2


def test_a_recording_is_analysed_again_and_both_analyses_stay(page, tmp_path):
    fill_in(page, make_recording(tmp_path / "short.mp4", duration_s=2.2), "Ada Again")
    submit(page)
    page.get_by_role("tab", name="Overview").wait_for(timeout=ANALYSIS_MS)
    page.locator(".actions summary").click()
    page.get_by_role("button", name="Analyse again").click()
    page.get_by_role("dialog").get_by_role("button", name="Analyse again").click()
    page.get_by_role("button", name="Cancel the analysis").wait_for()
    assert page.get_by_role("tab", name="Overview").is_visible()  # the earlier report stays
    page.locator("ul.runs li", has_text="show").nth(1).wait_for(timeout=ANALYSIS_MS)
    assert page.locator("ul.runs li").count() == 2
    page.locator("ul.runs").get_by_role("link", name="show").click()
    page.get_by_text("This is an earlier analysis").wait_for()
    page.get_by_role("tab", name="Questions").click()
    assert page.get_by_role("button", name="Add question").is_hidden()


def test_a_file_that_is_no_recording_is_refused_at_its_field_and_not_kept(
    page, platform: Platform, demo_report, tmp_path
):
    before = platform.stored_files
    fill_in(page, make_text_file(tmp_path / "notes.mp4"))
    submit(page)
    error = page.locator("#file_error .field-error")
    error.wait_for()
    assert len(error.inner_text()) > 20
    assert page.get_by_label("Recording", exact=True).get_attribute("aria-invalid") == "true"
    assert page.url.endswith("/interviews/new/")
    assert page.get_by_label("Candidate's name").input_value() == "Dana Diaz"
    assert platform.stored_files == before


def test_what_is_missing_is_named_at_each_field_before_anything_is_sent(page):
    page.goto("/interviews/new/")
    submit(page)
    for name in ("candidate_name", "candidate_email", "file", "informed_consent"):
        assert page.locator(f"#{name}_error .field-error").is_visible(), name
    assert page.get_by_label("Candidate's name").evaluate("element => element === document.activeElement")


def test_the_same_file_twice_is_said_and_may_be_used_anyway(page, demo_report, recording, tmp_path):
    twice = make_recording(tmp_path / "twice.mp4", duration_s=2.0)
    for name in ("First Time", "Second Time"):
        fill_in(page, twice, name)
        submit(page)
        if name == "First Time":
            page.wait_for_url("**/interviews/*-*/")
            first = page.url
    notice = page.locator("#duplicate")
    notice.wait_for()
    assert "First Time" in notice.inner_text()
    assert first.endswith(notice.get_by_role("link").get_attribute("href"))
    page.get_by_role("button", name="Use it anyway").click()
    page.wait_for_url("**/interviews/*-*/")
    assert page.url != first
    assert page.get_by_role("heading", name="Second Time").is_visible()


def test_a_broken_connection_is_waited_out_and_the_upload_goes_on(page, tmp_path):
    offsets = []

    def break_second(route: Any) -> None:
        offsets.append(int(route.request.url.partition("offset=")[2]))
        if len(offsets) == 2:
            route.abort("connectionreset")
        else:
            route.fallback()

    page.route("**/api/v1/uploads/*/?offset=*", break_second)
    path = make_recording(tmp_path / "again.mp4", duration_s=2.5)
    free_bytes = 9 * 1024**2
    with path.open("ab") as file:  # an mp4 box of nothing, so that there are two pieces
        file.write(free_bytes.to_bytes(4, "big") + b"free" + bytes(free_bytes - 8))
    fill_in(page, path, "Rae Resume")
    submit(page)
    retry = page.get_by_role("button", name="Try now")
    retry.wait_for()
    assert "cannot be reached" in page.locator("[data-retry-sentence]").inner_text()
    retry.click()
    page.wait_for_url("**/interviews/*-*/")
    piece_bytes = 8 * 1024**2
    assert offsets == [0, piece_bytes, piece_bytes]


def test_an_upload_cancelled_while_it_is_announced_leaves_nothing_behind(
    page, platform: Platform, demo_report, recording
):
    before = platform.stored_files
    held = []
    page.route("**/api/v1/uploads/", lambda route: held.append(route))  # asked for, and not answered yet
    fill_in(page, recording)
    with page.expect_request("**/api/v1/uploads/"):
        submit(page)
    page.get_by_role("button", name="Cancel the upload").click()
    with page.expect_response(lambda response: response.request.method == "DELETE") as deleted:
        held[0].continue_()
    assert deleted.value.status == 204
    assert platform.stored_files == before


def test_a_cancelled_upload_leaves_nothing_behind(page, platform: Platform, demo_report, recording):
    before = platform.stored_files
    page.route("**/api/v1/uploads/*/?offset=*", lambda route: None)  # a piece that never arrives
    fill_in(page, recording)
    submit(page)
    with page.expect_response(lambda response: response.request.method == "DELETE") as deleted:
        page.get_by_role("button", name="Cancel the upload").click()
    assert deleted.value.status == 204
    page.get_by_role("button", name="Upload and analyse").wait_for()
    assert page.locator("#upload-status").is_hidden()
    assert platform.stored_files == before
