"""``python -m tests.e2e.measure_long_report``: the page of a report of three hours, in a real browser.

It makes an installation of its own with such a report, opens the page, and prints as JSON: seconds to the first
contentful paint and until the lanes are drawn, bytes that came without the recording, and frames longer than 50 ms
while the lanes are zoomed and panned with the wheel.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import ARGUMENTS, BROWSERS, PASSWORD, RECRUITER, ROOT, running
from tests.e2e.shell import Shell

NAME: Final = "Three Hours"
READY: Final = "#lanes[aria-busy=false]"
LONG_FRAME_MS: Final = 50
STARTING_MS: Final = 15_000
"""After the page answers, workers still import for seconds, on the same processors."""
CAME: Final = """() => ["navigation", "resource"]
  .flatMap((type) => performance.getEntriesByType(type))
  .map(({ name, transferSize }) => [name, transferSize])
  .filter(([name, size]) => size && !name.includes("/media/"))"""
WATCH: Final = """() => {
  window.frames_ms = [];
  let last = performance.now();
  const tick = (now) => { window.frames_ms.push(now - last); last = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""
DRAWN: Final = """
new MutationObserver((_, observer) => {
  if (!document.querySelector("#lanes[aria-busy=false]")) return;
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.lanes_ms = performance.now(); }));
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-busy"] });
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.measure_long_report", description=__doc__)
    parser.add_argument("--hours", type=float, default=3.0)
    parser.add_argument("--visits", type=int, default=3)
    parser.add_argument("--var-dir", type=Path, help="keep the installation there, and use it again")
    parser.add_argument("--screenshot", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        var_dir = given.var_dir or Path(temporary)
        if not (var_dir / "made").exists():
            make(var_dir, hours=given.hours)
        with running(var_dir) as platform:
            json.dump(measure(platform.url, visits=given.visits, screenshot=given.screenshot), sys.stdout, indent=2)
    print()


def make(var_dir: Path, *, hours: float) -> None:
    """An installation with one report, and without the demo recording, whose analysis would take the processors."""
    var_dir.mkdir(parents=True, exist_ok=True)
    (var_dir / "demo-recording-made").touch()
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environment = {**kept, "VAR_DIR": str(var_dir)}
    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, env=environment, check=True, capture_output=True)
    with Shell(environment) as shell:
        shell(
            "from pathlib import Path\n"
            "from django.core.management import call_command\n"
            "call_command('seed_demo')\n"
            "from tests.factories.long_reports import long_report_make\n"
            f"long_report_make(path=Path({str(var_dir / 'long.mp4')!r}), duration_s={hours * 3600},"
            f" email={RECRUITER!r}, name={NAME!r})"
        )
    (var_dir / "long.mp4").unlink()
    (var_dir / "made").touch()


def measure(url: str, *, visits: int, screenshot: Path | None) -> list[dict[str, Any]]:
    """Each of several ``visits``: the first fills the browser's cache."""
    executable = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto("/login/")
        page.get_by_label("E-mail address").fill(RECRUITER)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/interviews/")
        address = page.get_by_role("link", name=NAME).get_attribute("href")
        page.wait_for_timeout(STARTING_MS)
        found = [visit(context, address) for _ in range(visits)]
        if screenshot:
            page.goto(address)
            page.locator(READY).wait_for()
            page.screenshot(path=screenshot)
        browser.close()
    return found


def visit(context: Any, address: str) -> dict[str, Any]:
    page = context.new_page()
    page.add_init_script(DRAWN)
    page.goto(address)
    page.locator(READY).wait_for()
    page.wait_for_timeout(1500)  # what loads after the lanes
    # By the page's own clock: events of the network, sent to this process, would take the processors meanwhile.
    came = dict(page.evaluate(CAME))
    timing = page.evaluate(
        """() => [performance.getEntriesByName("first-contentful-paint")[0]?.startTime, window.lanes_ms,
          performance.getEntriesByType("navigation")[0].responseStart, window.shifted]"""
    )
    figures = {
        "first_byte_s": round(timing[2] / 1000, 3),
        "first_contentful_paint_s": round(timing[0] / 1000, 3),
        "lanes_drawn_s": round(timing[1] / 1000, 3),
        "layout_shift": round(timing[3], 4),
        "bytes": sum(came.values()),
        "largest": sorted(((size, name.partition("://")[2]) for name, size in came.items() if size), reverse=True)[:6],
        **frames(page),
    }
    page.close()
    return figures


def frames(page: Any) -> dict[str, Any]:
    """Of four seconds of zooming in, panning and zooming out."""
    box = page.locator("#lanes").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 30)
    page.evaluate(WATCH)
    page.keyboard.down("Control")
    for turn in (*[-120] * 30, *[120] * 30):
        page.mouse.wheel(0, turn)
        page.wait_for_timeout(30)
        if turn == -120:
            page.keyboard.up("Control")
            page.mouse.wheel(60, 0)
            page.keyboard.down("Control")
    page.keyboard.up("Control")
    took = sorted(page.evaluate("window.frames_ms"))
    return {
        "frames": len(took),
        "frames_over_50_ms": sum(one > LONG_FRAME_MS for one in took),
        "longest_frame_ms": round(took[-1]),
        "median_frame_ms": round(took[len(took) // 2], 1),
    }


if __name__ == "__main__":
    main()
