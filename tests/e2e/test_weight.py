"""What pages weigh, and that they stand still while they load. Static files are compressed in the embedded mode too."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from interviewplatform.compression import LEAST_BYTES

SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@dataclass
class Traffic:
    """What a page fetches, as it comes over the network: bytes by request, recordings left out."""

    page: Any
    urls: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)
    uncompressed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        network = self.page.context.new_cdp_session(self.page)
        network.send("Network.enable")
        network.on("Network.responseReceived", self._answered)
        network.on("Network.loadingFinished", lambda e: self.sizes.update({e["requestId"]: e["encodedDataLength"]}))
        self.page.add_init_script(SHIFTS)

    def _answered(self, event: dict[str, Any]) -> None:
        response = event["response"]
        self.urls[event["requestId"]] = response["url"]
        headers = {name.lower(): value for name, value in response["headers"].items()}
        is_text = response["url"].endswith((".css", ".js")) and int(headers["content-length"]) >= LEAST_BYTES
        if is_text and "content-encoding" not in headers:
            self.uncompressed.append(response["url"])

    @property
    def weight(self) -> float:
        return sum(size for request, size in self.sizes.items() if "/media/" not in self.urls.get(request, ""))


@pytest.mark.parametrize("width", [390, 1280])
def test_the_first_page_is_light_and_stands_still(page, demo_report, width):
    page.set_viewport_size({"width": width, "height": 900})
    traffic = Traffic(page)
    page.goto("/interviews/")
    page.get_by_role("link", name="Demo Candidate").wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate("window.shifted") < 0.1
    assert 10_000 < traffic.weight < 200_000
    assert not traffic.uncompressed


@pytest.mark.parametrize("width", [390, 1280])
def test_the_report_is_light_and_stands_still(page, demo_report, width):
    page.set_viewport_size({"width": width, "height": 900})
    traffic = Traffic(page)
    page.goto(demo_report)
    page.locator("#lanes[aria-busy=false]").wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate("window.shifted") < 0.1
    assert 50_000 < traffic.weight < 350_000
    assert not traffic.uncompressed
