"""Model versions in the administrators' pages: a file comes in, or is refused; it is tried, activated, rolled back;
a recruiter analyses again and sees both reports side by side."""

from pathlib import Path
from typing import Any

import pytest

from ml import artifacts
from tests.e2e.conftest import ADMINISTRATOR, ANALYSIS_MS
from tests.e2e.test_accessibility import violations
from tests.factories import model_files

VERSIONS = "/admin/analysis/modelversion/"
JOB_MS = 180_000
SPEECH = "speech_emotion"
FACES = "facial_expression"
SHIPPED = artifacts.find(SPEECH).manifest.version


def upload(page: Any, path: Path, *, modality: str, version: str, name: str = "Tiny network") -> None:
    """Fill in the form and send it."""
    page.goto(VERSIONS)
    page.get_by_role("link", name="Upload a version").click()
    page.get_by_label("Modality").select_option(modality)
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Version", exact=True).fill(version)
    page.get_by_label("What it was trained on").fill("Random numbers")
    page.get_by_label("Terms of use").fill("None needed")
    page.get_by_role("button", name="Upload").click()


def ended(page: Any) -> None:
    """Wait until the job of the page has ended; the page reloads itself then."""
    page.locator("#job:not([data-status=queued]):not([data-status=running])").wait_for(timeout=JOB_MS)


@pytest.fixture(scope="module")
def candidate(browser: Any, platform: Any, sessions: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a small network of voices that was uploaded through the page."""
    path = tmp_path_factory.mktemp("models") / "tiny.tflite"
    path.write_bytes(model_files.litert_bytes())
    context = browser.new_context(base_url=platform.url, storage_state=sessions[ADMINISTRATOR])
    page = context.new_page()
    upload(page, path, modality=SPEECH, version="tiny-v1")
    ended(page)
    page.get_by_role("link", name="Open tiny-v1").click()
    address: str = page.url
    context.close()
    return address


def test_an_uploaded_file_becomes_a_candidate_beside_the_active_version(admin_page, candidate):
    admin_page.goto(candidate)
    admin_page.get_by_text("Candidate", exact=True).wait_for()
    assert admin_page.get_by_text("Random numbers").is_visible()
    admin_page.get_by_role("link", name="Activate …").click()
    table = admin_page.locator(".side-by-side")
    assert "tiny-v1" in table.inner_text()
    assert SHIPPED in table.inner_text()


def test_a_file_that_carries_code_is_refused_with_a_sentence_and_nothing_of_it_runs(admin_page, tmp_path):
    """Every kind of bad file is in ``tests/ml/imports``."""
    path, canary = tmp_path / "model.keras", tmp_path / "canary"
    model_files.keras_file(path, config=model_files.lambda_config(canary))
    upload(admin_page, path, modality=FACES, version="bad-layer")
    refusal = admin_page.locator(".notice-error, .field-error").first
    refusal.wait_for(timeout=JOB_MS)
    assert "Lambda" in refusal.inner_text()
    assert refusal.inner_text().endswith(".")
    assert not canary.exists()
    admin_page.goto(VERSIONS)
    assert admin_page.get_by_role("link", name="bad-layer").count() == 0


def test_a_network_of_other_shapes_is_refused(admin_page, tmp_path):
    path = tmp_path / "voices.tflite"
    path.write_bytes(model_files.litert_bytes())
    upload(admin_page, path, modality=FACES, version="misfit")
    refusal = admin_page.locator(".notice-error")
    refusal.wait_for(timeout=JOB_MS)
    assert "48" in refusal.inner_text()


def test_what_a_version_can_do_is_shown(admin_page):
    admin_page.goto(VERSIONS)
    admin_page.locator(f"#{FACES}").get_by_role("link").first.click()
    admin_page.get_by_role("heading", name="Confusion matrix").wait_for()
    assert admin_page.locator(".confusion tbody tr").count() == 7
    # One for each range of confidence that occurs, which depends on the version.
    points = admin_page.locator(".curve-point").count()
    assert points == admin_page.locator(".curve table tbody tr").count() >= 5
    assert admin_page.locator("#evaluation-title ~ .table-frame tbody tr").count() >= 2


def test_a_recruiter_sees_a_trial_beside_the_earlier_report(admin_page, page, demo_report, candidate):
    """The version on trial makes the report of one organization; the active one reads the same recording beside it."""
    admin_page.goto(candidate)
    admin_page.get_by_role("link", name="Start a trial …").click()
    admin_page.get_by_label("On whose recordings").select_option("Northwind Hiring")
    admin_page.get_by_label("Share of new recordings").fill("100")
    admin_page.get_by_label("Reason").fill("To see it beside ours.")
    admin_page.get_by_role("button", name="Start the trial").click()
    admin_page.get_by_text("No recording has been analysed in this trial yet.").wait_for()

    page.goto(demo_report)
    page.locator(".actions summary").click()
    page.get_by_role("button", name="Analyse again").click()
    page.get_by_role("dialog").get_by_role("button", name="Analyse again").click()
    compare = page.get_by_role("link", name="Compare with the analysis before")
    compare.wait_for(timeout=ANALYSIS_MS)
    compare.click()
    page.get_by_text("tiny-v1").first.wait_for()
    assert page.get_by_text(SHIPPED).count()
    page.locator("details.compare-same").evaluate_all("folded => folded.forEach((it) => (it.open = true))")
    assert violations(page) == []

    admin_page.goto(candidate)
    admin_page.get_by_text("On the same 1 recording,").wait_for()
    admin_page.get_by_role("link", name="End the trial …").click()
    admin_page.get_by_label("Reason").fill("Seen.")
    admin_page.get_by_role("button", name="End the trial").click()
    admin_page.get_by_text("The trial of tiny-v1 has ended.").wait_for()


def test_activation_asks_for_a_reason_below_the_floor_and_rollback_undoes_it(admin_page, candidate):
    admin_page.goto(candidate)
    admin_page.get_by_role("link", name="Activate …").click()
    admin_page.get_by_role("button", name="Activate tiny-v1").click()
    admin_page.get_by_text("Say why.").wait_for()
    assert admin_page.get_by_text("has no stored evaluation").is_visible()
    admin_page.get_by_label("Reason").fill("Trying the way back.")
    admin_page.get_by_role("button", name="Activate tiny-v1").click()
    admin_page.get_by_text("Version tiny-v1 is active").wait_for()
    assert admin_page.get_by_text("Trying the way back.").is_visible()

    admin_page.goto(VERSIONS)
    admin_page.get_by_role("link", name=f"Roll back to {SHIPPED} …").click()
    admin_page.get_by_label("Reason").fill("It was a try.")
    admin_page.get_by_role("button", name="Roll back").click()
    admin_page.get_by_text(f"version {SHIPPED} is active again").wait_for()

    admin_page.get_by_role("link", name="Change log").click()
    log = admin_page.locator("#result_list").inner_text()
    assert "Trying the way back." in log
    assert "Rolled back" in log


@pytest.mark.parametrize(
    "path", ["", "add/", "../modeljob/", "../modeljob/add/", "../modelchange/"], ids=lambda path: path or "list"
)
def test_the_pages_are_accessible(admin_page, path):
    admin_page.goto(VERSIONS + path)
    assert violations(admin_page) == []


def test_the_pages_of_a_version_are_accessible(admin_page, candidate):
    for path in (candidate, candidate.replace("/change/", "/activate/"), candidate.replace("/change/", "/trial/")):
        admin_page.goto(path)
        assert violations(admin_page) == []
    admin_page.goto(VERSIONS)
    admin_page.locator(f"#{FACES}").get_by_role("link").first.click()
    assert violations(admin_page) == []
