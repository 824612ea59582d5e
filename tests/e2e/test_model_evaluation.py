"""Versions are measured and trained from the panel, on an installation that has data."""

import re

import pytest

from tests.e2e.test_models import FACES, JOB_MS, VERSIONS, ended
from tests.factories.data_sets import FACES_PER_SPLIT

EPOCHS = 6
REPORT_PROGRESS = """
  new MutationObserver(() => {
    const stage = document.querySelector("[data-job-stage]");
    if (stage) window.shown(stage.textContent, document.querySelector("[data-job-meter]").value);
  }).observe(document, { subtree: true, childList: true, characterData: true });
"""


def test_an_administrator_measures_a_version_and_finds_the_result_on_its_page(admin_page):
    admin_page.goto(VERSIONS)
    admin_page.locator(f"#{FACES}").get_by_role("link").first.click()
    version = admin_page.url
    admin_page.get_by_role("button", name="Evaluate").click()
    ended(admin_page)
    assert admin_page.locator("#job").get_attribute("data-status") == "succeeded"
    admin_page.goto(version)
    headline = admin_page.locator("#evaluation-title ~ .table-frame tbody tr").first.inner_text()
    assert "FER2013 PrivateTest" in headline
    assert str(FACES_PER_SPLIT) in headline

    admin_page.goto("/admin/analysis/modeljob/add/")
    assert admin_page.get_by_role("button", name="Start training").is_enabled()


def test_a_training_is_cancelled_resumed_and_ends_as_a_candidate(admin_page):
    """The trainer itself, on noise: started, stopped and resumed from the panel, and its epochs move the bar."""
    shown: list[tuple[str, float]] = []
    admin_page.expose_function("shown", lambda stage, percent: shown.append((stage, percent)))
    admin_page.add_init_script(REPORT_PROGRESS)
    admin_page.goto("/admin/analysis/modeljob/add/")
    admin_page.get_by_label("Modality").select_option(FACES)
    admin_page.get_by_label("Name of the version it makes").fill("noise-v1")
    admin_page.get_by_label("Recipe").fill("paper-v1")
    admin_page.get_by_label("Epochs").fill(str(EPOCHS))
    admin_page.get_by_role("button", name="Start training").click()
    admin_page.get_by_role("log").filter(has_text=f"epoch 1/{EPOCHS}").wait_for(timeout=JOB_MS)
    admin_page.get_by_role("button", name="Cancel").click()
    ended(admin_page)
    assert admin_page.locator("#job").get_attribute("data-status") == "cancelled"

    admin_page.get_by_role("button", name="Resume").click()
    ended(admin_page)
    assert admin_page.locator("#job").get_attribute("data-status") == "succeeded"
    log = admin_page.get_by_role("log").inner_text()
    assert f"epoch {EPOCHS}/{EPOCHS}" in log
    assert "training_epoch" not in log
    stages = [(re.search(rf"epoch (\d+) of {EPOCHS}$", stage), percent) for stage, percent in shown]
    bar = {int(epoch[1]): percent for epoch, percent in stages if epoch is not None}
    assert len(bar) > 1
    assert bar == {epoch: pytest.approx(95 * epoch / EPOCHS, abs=1) for epoch in bar}
    admin_page.get_by_role("link", name="Open noise-v1").click()
    admin_page.get_by_text("Candidate", exact=True).wait_for()
