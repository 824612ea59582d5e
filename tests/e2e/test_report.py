"""The report of the demo recording: playing, seeking, question marks, evidence, who may see it."""

import json
from typing import Any

import pytest

from tests.e2e.conftest import RECRUITER, Platform, eventually

SOMEBODY_ELSE = {
    "number": 2,
    "kind": "person",
    "is_candidate": False,
    "is_close": False,
    "first_s": 2.0,
    "last_s": 9.0,
    "live_s": 7.0,
    "still_s": 0.0,
    "at_s": 3.5,
    "box": [0.7, 0.1, 0.9, 0.5],
}
SHOW_PEOPLE = """
import json
from analysis.models import AnalysisRun
run = AnalysisRun.objects.filter(recording__interview__candidate__name="Demo Candidate").latest("created_at")
run.media_info["people"] = run.media_info["people"][:1] + json.loads({others!r})
run.save(update_fields=["media_info"])
"""


@pytest.fixture
def report(page: Any, demo_report: str) -> Any:
    page.goto(demo_report)
    page.get_by_role("tab", name="Overview").wait_for()
    page.locator("#lanes[aria-busy=false]").wait_for()
    eventually(page, "document.getElementById('player').readyState >= 1")
    return page


PLAYER_S = "document.getElementById('player').currentTime"


def current_time(page: Any) -> float:
    return float(page.evaluate("document.getElementById('player').currentTime"))


def metric_row(page: Any, key: str) -> str:
    return str(page.locator(f"[data-metric='{key}']").text_content())


def test_every_number_stands_with_its_coverage_and_every_chart_with_its_table(report):
    for key in ("facial_expression", "eye_emotion", "eye_gaze", "speech_emotion"):
        card = report.locator(f"[data-modality='{key}']")
        assert "%" in card.locator(".modality-head").inner_text()
        assert card.locator("table.shares tbody tr").count() >= 1
        painted = card.locator("[data-pie]").evaluate(
            "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size"
        )
        assert painted > 5
    assert report.locator("#metrics tbody tr").count() == 4
    assert report.get_by_role("heading", name="What these numbers are not").is_visible()
    assert report.get_by_role("heading", name="Models that made this report").is_visible()


def test_seeking_asks_for_a_range_and_the_playhead_follows(report):
    answers: list[int] = []
    report.on("response", lambda answer: "/media/recordings/" in answer.url and answers.append(answer.status))
    report.reload()
    report.locator("#lanes[aria-busy=false]").wait_for()
    strip = report.locator("[data-lane='facial_expression'] canvas")
    box = strip.bounding_box()
    report.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2)
    duration = report.evaluate("JSON.parse(document.getElementById('page-data').textContent).duration_s")
    assert current_time(report) == pytest.approx(0.6 * duration, abs=0.1)
    assert report.locator("#playhead").evaluate("element => parseFloat(element.style.left)") == pytest.approx(60, abs=1)
    report.keyboard.press("ArrowLeft")
    # It follows when the first seek has ended.
    eventually(report, f"Math.abs({PLAYER_S} - {0.6 * duration - 1}) < 0.1")
    report.keyboard.press("k")
    eventually(report, f"document.getElementById('player').currentTime > {0.6 * duration - 0.8}")
    assert 206 in answers
    assert set(answers) <= {206}


def test_question_marks_change_the_metrics_at_once(report):
    report.get_by_role("tab", name="Questions").click()
    while report.locator(".question").count():  # those that the demo came with
        with report.expect_response(lambda answer: answer.request.method == "DELETE"):
            report.get_by_role("button", name="Remove").first.click()
        report.wait_for_timeout(100)
    report.get_by_text("No questions are marked yet.").wait_for()
    report.get_by_role("tab", name="Overview").click()
    assert "No questions are marked" in metric_row(report, "deep_thinking")
    report.evaluate("document.getElementById('player').currentTime = 4")
    with report.expect_response(lambda answer: answer.url.endswith("/questions/")):
        report.keyboard.press("q")
    mark = report.locator(".mark")
    mark.wait_for()
    eventually(
        report, "!document.querySelector('[data-metric=deep_thinking]').textContent.includes('No questions are marked')"
    )

    report.get_by_role("tab", name="Questions").click()
    line = report.locator(".question")
    assert line.locator("[data-go]").inner_text() == "0:04.0"
    line.get_by_role("button", name="+½ s").click()
    report.locator("[data-go]", has_text="0:04.5").wait_for()

    line.get_by_role("button", name="Edit").click()
    dialog = report.get_by_role("dialog")
    dialog.get_by_label("Text").fill("What made you apply?")
    dialog.get_by_label("Time").fill("0:06")
    dialog.get_by_role("button", name="Save").click()
    report.locator(".question", has_text="What made you apply?").wait_for()
    assert line.locator("[data-go]").inner_text() == "0:06.0"

    mark.scroll_into_view_if_needed()
    box, lane = mark.bounding_box(), report.locator("#marks").bounding_box()
    report.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8)
    report.mouse.down()
    report.mouse.move(lane["x"] + lane["width"] / 2, box["y"] + 8, steps=5)
    with report.expect_response(lambda answer: answer.request.method == "PATCH"):
        report.mouse.up()
    assert mark.evaluate("element => parseFloat(element.style.getPropertyValue('--at'))") == pytest.approx(50, abs=1)

    line.get_by_role("button", name="Remove").click()
    report.get_by_role("button", name="Undo").click()
    report.locator(".question", has_text="What made you apply?").wait_for()
    with report.expect_response(lambda answer: answer.request.method == "DELETE"):
        line.get_by_role("button", name="Remove").click()
    report.get_by_text("No questions are marked yet.").wait_for()
    assert "No questions are marked" in metric_row(report, "deep_thinking")
    report.reload()
    assert report.locator(".mark").count() == 0


@pytest.fixture
def two_people(platform: Platform, demo_report: str, page: Any) -> Any:
    """The report of the demo, as if somebody else had been in view too."""
    platform.shell(SHOW_PEOPLE.format(others=json.dumps([SOMEBODY_ELSE])))
    page.goto(demo_report)
    yield page
    platform.shell(SHOW_PEOPLE.format(others="[]"))


def test_the_people_in_view_are_shown_and_another_one_can_be_read(two_people):
    asked: list[Any] = []

    def answer(route: Any) -> None:
        asked.append(route.request.post_data_json)
        route.fulfill(status=201, json={})

    two_people.route("**/runs/", answer)
    people = two_people.get_by_role("region", name="Whose face was read").get_by_role("listitem")
    assert "Read as the candidate" in people.nth(0).inner_text()
    eventually(two_people, "document.querySelector('.person.is-candidate img').naturalWidth > 0")
    assert "0:02.0 to 0:09.0" in people.nth(1).inner_text()
    two_people.get_by_role("button", name="Read this person").click()  # there is one: not for the candidate
    dialog = two_people.get_by_role("dialog", name="Read this person instead?")
    dialog.get_by_role("button", name="Not now").click()
    assert not asked
    two_people.get_by_role("button", name="Read this person").click()
    with two_people.expect_response("**/runs/"):
        dialog.get_by_role("button", name="Read this person").click()
    assert asked == [{"person": {"second": SOMEBODY_ELSE["at_s"], "box": SOMEBODY_ELSE["box"]}}]


def test_a_piece_of_evidence_plays_its_second(report):
    report.get_by_role("tab", name="Evidence").click()
    items = report.locator(".evidence-item")
    assert items.count() > 0, "the demo recording has nothing to show"
    item = items.last
    start_s = float(item.get_attribute("data-start"))
    item.focus()
    report.keyboard.press("Enter")
    assert current_time(report) == pytest.approx(start_s, abs=0.5)
    assert item.get_attribute("aria-current") == "true"
    assert report.locator("#stretch-band").is_visible()
    end_s = float(item.get_attribute("data-end"))
    eventually(report, f"document.getElementById('player').paused && {PLAYER_S} > {start_s}", end_s - start_s + 10)
    assert current_time(report) == pytest.approx(end_s, abs=0.2), "it stops where the evidence ends"


def test_another_organization_sees_the_page_of_what_does_not_exist(outsider_page, demo_report, platform: Platform):
    answer = outsider_page.goto(demo_report)
    assert answer.status == 404
    theirs = outsider_page.locator("main").inner_text()
    missing = outsider_page.goto("/interviews/00000000-0000-0000-0000-000000000000/")
    assert missing.status == 404
    assert outsider_page.locator("main").inner_text() == theirs
    outsider_page.goto("/interviews/")
    assert outsider_page.get_by_text("No interviews yet").is_visible()


def test_the_numbers_can_be_read_without_scripts(browser, platform: Platform, sessions, demo_report):
    state = sessions[RECRUITER]
    context = browser.new_context(base_url=platform.url, storage_state=state, java_script_enabled=False)
    page = context.new_page()
    page.goto(demo_report)
    assert page.locator("table.shares").first.is_visible()
    assert page.locator("#metrics table").is_visible()
    assert page.locator("#panel-evidence").is_visible()
    page.goto("/interviews/?q=nobody-of-this-name")
    assert page.get_by_text("No interview matches these filters").is_visible()
    context.close()


def test_deleting_asks_first_and_then_leaves_nothing(page, platform: Platform, recording, demo_report):
    from tests.e2e.test_upload import fill_in, submit

    before = platform.stored_files
    fill_in(page, recording, "Della Delete")
    submit(page)
    page.locator("#duplicate").or_(page.locator("#run-status")).first.wait_for()
    if page.locator("#duplicate").is_visible():
        page.get_by_role("button", name="Use it anyway").click()
    page.wait_for_url("**/interviews/*-*/")
    more = page.locator(".actions summary")
    more.press("Enter")  # the menu by keyboard, to its end and back
    page.get_by_role("button", name="Delete interview").focus()
    page.keyboard.press("Escape")
    assert more.evaluate("it => it === document.activeElement && !it.parentElement.open")
    more.press("Enter")
    page.get_by_role("button", name="Delete interview").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Keep it").click()
    assert page.get_by_role("heading", name="Della Delete").is_visible()
    assert more.evaluate("it => it === document.activeElement && !it.parentElement.open")
    more.click()
    page.get_by_role("button", name="Delete interview").click()
    dialog.get_by_role("button", name="Delete interview").click()
    page.wait_for_url("**/interviews/")
    assert page.get_by_role("link", name="Della Delete").count() == 0
    assert platform.stored_files == before


def test_distributions_relative_to_a_calm_stretch_and_back(report):
    earlier = report.locator("ul.runs li a", has_text="show")
    if earlier.count():  # other tests have analysed it again, with versions that find evidence in that stretch
        earlier.last.click()
        report.wait_for_url("**?run=*")
        report.locator("#lanes[aria-busy=false]").wait_for()
    report.get_by_text("Compare with the person's own calm stretch").click()
    report.locator("#calm-from").fill("0:00")
    report.locator("#calm-to").fill("soon")
    report.get_by_role("button", name="Use it").click()
    report.locator("#baseline-error", has_text="such as 0:05 and 0:15").wait_for()
    report.locator("#calm-to").fill("0:12")
    report.get_by_role("button", name="Use it").click()
    report.get_by_text("Shown to you relative to a calm stretch").wait_for()
    face = report.locator("[data-modality='facial_expression']")
    assert face.get_by_role("columnheader", name="As read").is_visible()
    report.get_by_role("button", name="Show as read").click()
    report.get_by_text("Compare with the person's own calm stretch").wait_for()
    assert face.get_by_role("columnheader", name="As read").count() == 0


def test_the_lanes_zoom_pan_and_show_what_is_pointed_at(report):
    ticks = report.locator(".tick").all_inner_texts()
    lane = report.locator("[data-lane='facial_expression'] canvas")
    box = lane.bounding_box()
    report.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
    card = report.locator(".hover-card")
    card.wait_for()
    assert "confidence" in card.inner_text() or "not read" in card.inner_text()
    eventually(report, "document.querySelector('.hover-picture video')?.readyState >= 2")
    report.keyboard.press("+")
    eventually(report, "!document.querySelector('.zoom-window').hidden")
    assert report.locator(".tick").all_inner_texts() != ticks
    report.keyboard.press("0")
    assert report.locator(".tick").all_inner_texts() == ticks
    lane.focus()
    report.mouse.wheel(0, -300)
    eventually(report, "!document.querySelector('.zoom-window').hidden")
    report.keyboard.press("End")
    eventually(report, "document.activeElement.getAttribute('aria-valuetext').includes(',')")
    eventually(report, "!document.getElementById('player').seeking")
    before = current_time(report)
    report.keyboard.press("PageUp")
    eventually(report, f"{PLAYER_S} < {before}")


def test_two_fingers_zoom_and_a_selected_stretch_is_repeated(report):
    box = report.locator("[data-lane='facial_expression'] canvas").bounding_box()
    middle, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = report.context.new_cdp_session(report)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})

    def fingers(kind: str, *apart_px: float) -> None:
        points = [{"x": middle + side * apart, "y": y, "id": side} for apart in apart_px for side in (-1, 1)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", 40)
    for apart in range(50, 160, 10):
        fingers("touchMove", apart)
    fingers("touchEnd")
    eventually(report, "!document.querySelector('.zoom-window').hidden")
    report.keyboard.press("0")
    report.keyboard.down("Shift")
    report.mouse.move(box["x"] + 20, y)
    report.mouse.down()
    report.mouse.move(middle, y, steps=4)
    report.mouse.up()
    report.keyboard.up("Shift")
    repeat = report.locator("[data-loop]")
    assert repeat.get_attribute("aria-pressed") == "true"
    assert "–" in repeat.inner_text()


def test_keys_change_speed_step_by_frame_loop_and_are_listed(report):
    report.keyboard.press("?")
    dialog = report.get_by_role("dialog", name="Keys")
    dialog.wait_for()
    report.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    report.keyboard.press(">")
    eventually(report, "document.getElementById('player').playbackRate === 1.25")
    fps = report.evaluate("JSON.parse(document.getElementById('page-data').textContent).fps")
    report.keyboard.press(".")
    eventually(report, f"Math.abs({PLAYER_S} - {1 / fps}) < 0.02")
    report.keyboard.press("[")
    report.evaluate("document.getElementById('player').currentTime = 1")
    report.keyboard.press("]")
    eventually(report, f"{PLAYER_S} > 0.7")
    eventually(report, f"{PLAYER_S} < 0.5")  # it began again
    report.keyboard.press("r")
    eventually(report, f"{PLAYER_S} > 1.2")  # and no longer does


def test_every_share_and_every_term_of_a_metric_leads_to_its_seconds(report):
    report.locator("[data-modality='facial_expression'] .label-link").last.click()
    walk = report.locator("#walk")
    walk.wait_for()
    assert "1 of " in walk.inner_text()
    eventually(report, "!document.getElementById('player').paused")
    walk.get_by_role("button", name="Close").click()
    report.locator("[data-why='attentiveness']").click()
    row = report.locator(".why-row")
    row.locator(".why-filled", has_text="÷").wait_for()
    value = report.locator("[data-metric='attentiveness'] [data-metric-value]").inner_text()
    assert row.locator(".why-filled").inner_text().endswith(f"= {value}")
    row.get_by_role("button", name="gaze in the center").click()
    assert "gaze in the center" in walk.inner_text()


def test_on_a_telephone_a_number_leads_up_to_the_player_and_back(report):
    report.set_viewport_size({"width": 390, "height": 844})
    report.locator("[data-modality='facial_expression'] .label-link").last.click()
    report.locator("#walk").wait_for()
    place = "document.getElementById('player').getBoundingClientRect()"
    eventually(report, f"{place}.top >= 0 && {place}.bottom <= innerHeight")
    report.locator("#walk").get_by_role("button", name="Close").click()
    assert report.evaluate("document.activeElement.matches('.label-link')")


def test_the_numbers_of_each_answer_stand_below_the_questions_and_on_pages_of_their_own(report):
    report.get_by_role("tab", name="Questions").click()
    table = report.locator("#answers-slot table")
    table.wait_for()
    assert table.locator("tbody tr").count() >= 1
    table.locator(".label-link", has_text="%").last.click()
    report.locator("#walk").wait_for()  # in the report's own player
    table.locator(".answers-link").first.click()
    report.get_by_role("heading", name="Nonverbal metrics of this part").wait_for()
    assert "#t=" in report.locator(".answer-player").get_attribute("src")
