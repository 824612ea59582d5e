"""WCAG 2.1 AA, as far as axe-core can tell, on every page: light, dark and in forced colours, on a telephone and on a
desk. No page scrolls to the side, down to 320 px."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import PASSWORD, Platform

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of :data:`RULES` that depend on the colour scheme."""
MODES = {
    "light": (RULES, {"color_scheme": "light"}),
    "dark": (COLOURS, {"color_scheme": "dark"}),
    "forced colours": (COLOURS, {"color_scheme": "dark", "forced_colors": "active"}),
}
MODES_BY_WIDTH: dict[int, tuple[str, ...]] = {320: (), 390: ("light", "dark"), 1280: tuple(MODES)}
# axe reads the fill of text, for which Chromium does not tell the forced colour as it does for the colour.
FORCED_TEXT = """(isForced) => {
  const elements = [...document.querySelectorAll("body *")].filter((one) => one.style);
  for (const one of elements) one.style.removeProperty("-webkit-text-fill-color");
  if (!isForced) return;
  const colours = elements.map((one) => getComputedStyle(one).color);
  elements.forEach((one, number) => one.style.setProperty("-webkit-text-fill-color", colours[number]));
}"""
PUBLIC = ("/login/", "/password-reset/", "/password-reset/sent/", "/password-reset/done/", "/password-reset/x/x/")
PRIVATE = (
    "/interviews/",
    "/interviews/?q=nobody",
    "/interviews/new/",
    "/interviews/live/new/",
    "/interviews/no-such-page/",
    "/notices/",
    "/profile/",
    "/profile/second-factor/",
    "/login/again/",
)
OF_ADMINISTRATORS = (
    "/log/",
    "/team/",
    "/criteria/",
    "/retention/",
    "/policy/",
    "/processing/",
    "/notice/",
    "/labels/",
)
OF_AN_INTERVIEW = (
    "answers/",
    "answers/1/",
    "scorecard/",
    "export/",
    "sharing/",
    "labels/",
    "consent/",
    "edit/",
    "access/",
    "purpose/",
)


def violations(page: Any, within: str = "html") -> list[str]:
    """Findings within an element as ``scheme width rule: elements``, and overflow to the side as one more."""
    found = []
    page.evaluate(AXE)
    for width in MODES_BY_WIDTH:
        page.set_viewport_size({"width": width, "height": 844})
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{width}: the page scrolls to the side")
        for mode in MODES_BY_WIDTH[width]:
            rules, emulated = MODES[mode]
            page.emulate_media(**{"forced_colors": "none", "reduced_motion": "reduce", **emulated})
            page.evaluate(FORCED_TEXT, "forced_colors" in emulated)
            result = page.evaluate(
                "([within, rules]) => axe.run(within, {runOnly: rules, resultTypes: ['violations']})", [within, rules]
            )
            for violation in result["violations"]:
                elements = [node["target"] for node in violation["nodes"]]
                found.append(f"{mode} {width} {violation['id']}: {elements}")
    page.emulate_media(forced_colors="none")
    page.evaluate(FORCED_TEXT, arg=False)
    return found


def open_protected(page: Any, path: str) -> None:
    """Open a page that may ask for the password again."""
    page.goto(path)
    if "/login/again/" in page.url and "/login/again/" not in path:
        page.get_by_label("Your password").fill(PASSWORD)
        page.locator("main").get_by_role("button").click()
        page.wait_for_url(f"**{path}")


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages(anonymous, path):
    anonymous.goto(path)
    assert violations(anonymous) == []


@pytest.mark.parametrize("path", PRIVATE)
def test_pages_of_a_recruiter(page, path):
    open_protected(page, path)
    assert violations(page) == []


@pytest.mark.parametrize("path", OF_ADMINISTRATORS)
def test_pages_of_an_administrator(admin_page, path):
    open_protected(admin_page, path)
    assert violations(admin_page) == []


def test_the_report(page, demo_report):
    page.goto(demo_report)
    page.locator("#lanes[aria-busy=false]").wait_for()
    assert violations(page) == []
    for tab in ("Questions", "Evidence"):
        page.get_by_role("tab", name=tab).click()
        assert violations(page, within="main > .report > .findings") == []
    page.goto(f"{demo_report}?calm=found")
    assert violations(page, within="#baseline") == []


def test_in_forced_colours_the_tones_of_labels_remain(page, demo_report):
    page.goto(demo_report)
    page.emulate_media(forced_colors="active")
    tones = page.locator("[data-modality] .swatch").evaluate_all(
        "swatches => swatches.map((swatch) => getComputedStyle(swatch).backgroundColor)"
    )
    assert len(set(tones)) >= 3


@pytest.mark.parametrize("part", OF_AN_INTERVIEW)
def test_pages_of_an_interview(page, demo_report, part):
    page.goto(demo_report + part)
    assert violations(page) == []


def test_the_page_of_how_long_an_interview_is_kept(admin_page, demo_report):
    open_protected(admin_page, f"/retention/{demo_report.rstrip('/').rpartition('/')[2]}/")
    assert violations(admin_page) == []


def test_interviews_side_by_side(page, demo_report):
    page.goto(f"/interviews/compare/?i={demo_report.rstrip('/').rpartition('/')[2]}")
    assert violations(page) == []


def test_the_candidates_own_page_and_report(anonymous, page, platform: Platform, demo_report):
    page.goto(f"{demo_report}consent/")
    page.get_by_role("button", name="Send the link").click()
    link = page.locator(".notice", has_text="/own/").inner_text().rpartition(" ")[2]
    anonymous.goto(link)
    assert violations(anonymous) == []
    anonymous.get_by_role("button", name="Open my page").click()
    assert violations(anonymous) == []
    anonymous.get_by_role("button", name="Send me a code").click()
    mails = (platform.var_dir / "log").read_text(errors="replace")
    anonymous.get_by_label("Code").fill(re.findall(r"\b\d{8}$", mails, re.MULTILINE)[-1])
    anonymous.get_by_role("button", name="Go on").click()
    assert violations(anonymous) == []
    anonymous.get_by_role("link", name="Open the report").click()
    anonymous.get_by_role("heading", name="The report of your interview").wait_for()
    assert violations(anonymous) == []
