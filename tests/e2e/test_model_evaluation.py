"""Versions are measured and trained from the panel, on an installation that has data."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.e2e.conftest import ADMINISTRATOR, PASSWORD, installation, opened
from tests.e2e.test_models import FACES, JOB_MS, VERSIONS, ended

FACES_PER_SPLIT = 40


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """FER2013 in small, of noise: what it is measured with says nothing, that it is measured does."""
    folder = tmp_path_factory.mktemp("data")
    count = 3 * FACES_PER_SPLIT
    random = np.random.default_rng(0)
    np.savez(
        folder / "fer2013.npz",
        images=random.integers(0, 256, (count, 48, 48), dtype=np.uint8),
        labels=np.arange(count, dtype=np.uint8) % 7,
        usage=np.repeat([0, 1, 2], FACES_PER_SPLIT).astype(np.uint8),
    )
    return folder


@pytest.fixture
def admin_page(browser: Any, data: Path, tmp_path: Path) -> Iterator[Any]:
    with installation(tmp_path, TRAINING_DATA_DIR=str(data)) as running:
        for page in opened(browser, running, None):
            page.goto("/login/")
            page.get_by_label("E-mail address").fill(ADMINISTRATOR)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            page.wait_for_url("**/interviews/")
            yield page


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
    """The trainer itself, on noise: started, stopped and resumed from the panel."""
    admin_page.goto("/admin/analysis/modeljob/add/")
    admin_page.get_by_label("Modality").select_option(FACES)
    admin_page.get_by_label("Name of the version it makes").fill("noise-v1")
    admin_page.get_by_label("Recipe").fill("paper-v1")
    admin_page.get_by_label("Epochs").fill("80")
    admin_page.get_by_role("button", name="Start training").click()
    admin_page.get_by_role("log").filter(has_text="epoch 3/80").wait_for(timeout=JOB_MS)
    admin_page.get_by_role("button", name="Cancel").click()
    ended(admin_page)
    assert admin_page.locator("#job").get_attribute("data-status") == "cancelled"

    admin_page.get_by_role("button", name="Resume").click()
    ended(admin_page)
    assert admin_page.locator("#job").get_attribute("data-status") == "succeeded"
    log = admin_page.get_by_role("log").inner_text()
    assert "epoch 80/80" in log
    admin_page.get_by_role("link", name="Open noise-v1").click()
    admin_page.get_by_text("Candidate", exact=True).wait_for()
