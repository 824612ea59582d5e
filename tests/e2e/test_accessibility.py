"""WCAG 2.1 AA, as far as axe-core can tell, on every page, light and dark, on a telephone and on a desk."""

from pathlib import Path
from typing import Any

import pytest

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of :data:`RULES` that depend on the colour scheme."""
PUBLIC = ("/login/", "/password-reset/", "/password-reset/sent/", "/password-reset/done/", "/password-reset/x/x/")
PRIVATE = (
    "/interviews/",
    "/interviews/?q=nobody",
    "/interviews/new/",
    "/interviews/no-such-page/",
    "/profile/",
    "/login/again/",
)
OF_ADMINISTRATORS = ("/log/", "/team/")


def violations(page: Any, within: str = "html") -> list[str]:
    """Findings within an element as ``scheme width rule: elements``, and overflow to the side as one more."""
    found = []
    page.evaluate(AXE)
    for width, height in ((390, 844), (1280, 900)):
        page.set_viewport_size({"width": width, "height": height})
        for scheme, rules in (("light", RULES), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            result = page.evaluate(
                "([within, rules]) => axe.run(within, {runOnly: rules, resultTypes: ['violations']})", [within, rules]
            )
            for violation in result["violations"]:
                elements = [node["target"] for node in violation["nodes"]]
                found.append(f"{scheme} {width} {violation['id']}: {elements}")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{width}: the page scrolls to the side")
    return found


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages(anonymous, path):
    anonymous.goto(path)
    assert violations(anonymous) == []


@pytest.mark.parametrize("path", PRIVATE)
def test_pages_of_a_recruiter(page, path):
    page.goto(path)
    assert violations(page) == []


@pytest.mark.parametrize("path", OF_ADMINISTRATORS)
def test_pages_of_an_administrator(admin_page, path):
    admin_page.goto(path)
    assert violations(admin_page) == []


def test_the_report(page, demo_report):
    page.goto(demo_report)
    page.locator("#lanes[aria-busy=false]").wait_for()
    assert violations(page) == []
    for tab in ("Questions", "Evidence"):
        page.get_by_role("tab", name=tab).click()
        assert violations(page, within="main > .report > .findings") == []


@pytest.mark.parametrize("part", ["answers/", "answers/1/", "scorecard/", "export/", "sharing/", "labels/", "consent/"])
def test_pages_of_an_interview_also_on_the_narrowest_telephone(page, demo_report, part):
    page.goto(demo_report + part)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert violations(page) == []


def test_interviews_side_by_side_do_not_widen_the_page(page, demo_report):
    page.goto(f"/interviews/compare/?i={demo_report.rstrip('/').rpartition('/')[2]}")
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert violations(page) == []
