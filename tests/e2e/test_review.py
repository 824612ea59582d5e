"""What people do with a report: note, rate, decide, correct, share, export. Two colleagues, and who has no account."""

import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.conftest import Platform, eventually
from tests.e2e.test_accessibility import open_protected, violations

AGREE_TO_SHARING = """
from interviews.models import Interview
from interviews.services.consent import consent_record
interview = Interview.objects.get(candidate__name="Demo Candidate")
answers = {"sharing": (True, "May be shown.")}
consent_record(interview=interview, answers=answers, how="recorded", recorded_by=interview.owner)
"""
ASK_SOMETHING = """
from interviews.models import Interview
from interviews.services import question_add
interview = Interview.objects.get(candidate__name="Demo Candidate")
if not interview.questions.exists():
    question_add(interview=interview, by=interview.owner, at_s=0.5, text="Please introduce yourself.")
"""
LEAVE_NOTHING = """
from analysis.models import LabelFeedback
from interviews.models import Criterion, Decision, Note, Organization, Scorecard, ShareLink
for model in (LabelFeedback, Decision, Note, Scorecard, Criterion, ShareLink):
    model.objects.all().delete()
Organization.objects.update(rate_first=False)
"""


@pytest.fixture(autouse=True, scope="module")
def as_before(platform: Platform, demo_report: str) -> Iterator[None]:
    """The demo has a question, and other tests find its report as it was."""
    platform.shell(ASK_SOMETHING)
    yield
    platform.shell(LEAVE_NOTHING)


def rate(page: Any, value: int) -> None:
    whole = page.get_by_role("region", name="The interview as a whole")
    whole.get_by_label(str(value), exact=True).check()


def test_people_rate_blind_and_before_they_see_numbers_and_then_how_far_they_agree(page, admin_page, demo_report):
    open_protected(admin_page, "/criteria/")
    for field in ("name", "anchor_low", "anchor_middle", "anchor_high"):
        admin_page.locator(f"main [name={field}]").fill("Clarity")
    admin_page.get_by_role("button", name="Add criterion").click()
    admin_page.get_by_role("button", name="Let them wait").click()
    page.goto(demo_report)
    page.get_by_text("Your organization rates first").first.wait_for()
    assert page.locator("#metrics").count() == 0
    page.goto(f"{demo_report}scorecard/")
    rate(page, 4)
    page.get_by_role("button", name="Keep as a draft").click()
    page.get_by_text("Your draft is kept. Nobody else sees it.").wait_for()
    page.get_by_role("button", name="Submit for good").click()
    page.get_by_text("You submitted your scorecard").wait_for()
    page.goto(demo_report)
    page.locator("#metrics").wait_for()

    admin_page.goto(f"{demo_report}scorecard/")
    assert "Rita" not in admin_page.locator("main form.scorecard").inner_text(), "blind until one has rated"
    rate(admin_page, 3)
    admin_page.get_by_role("button", name="Submit for good").click()
    agreement = admin_page.get_by_role("region", name="Agreement")
    assert "1 lies within one step" in agreement.inner_text()
    assert "Rita Recruiter: 4" in admin_page.locator("main form.scorecard").inner_text()
    assert violations(admin_page) == []
    admin_page.locator("[name=outcome]").select_option("advance")
    admin_page.get_by_label("Reason").fill("Clear answers to both questions.")
    admin_page.get_by_role("button", name="Keep the decision").click()
    admin_page.get_by_text("The decision is kept.").wait_for()
    page.goto(f"{demo_report}scorecard/")
    decision = page.get_by_role("region", name="Decision")
    assert "decided by Ada Admin" in decision.inner_text()
    assert "Clear answers to both questions." in decision.inner_text()
    open_protected(admin_page, "/criteria/")
    admin_page.get_by_role("button", name="Show them at once").click()
    admin_page.get_by_text("Charts and numbers are shown at once.").wait_for()


def test_a_note_on_a_stretch_tells_who_is_mentioned_and_is_answered_and_edited(page, admin_page, demo_report):
    page.goto(demo_report)
    page.locator("#lanes[aria-busy=false]").wait_for()
    page.evaluate("document.getElementById('player').currentTime = 4")
    page.keyboard.press("n")
    form = page.locator("#note-new")
    assert form.get_by_label("From").input_value() == "0:04.0"
    form.get_by_label("to", exact=True).fill("0:06.5")
    form.get_by_label("New note").fill("See how she puts it, ")
    form.get_by_label("Mention somebody").select_option("Ada Admin")
    form.get_by_role("button", name="Add note").click()
    note = page.get_by_role("article", name="Note by Rita Recruiter")
    note.wait_for()
    assert "0:04.0–0:06.5" in note.inner_text()
    assert page.locator("#note-marks-lane .mark").count() == 1

    admin_page.goto("/notices/")
    told = admin_page.locator(".notices li", has_text="mentions you").first
    told.get_by_role("link", name="Demo Candidate").click()
    admin_page.locator("#lanes[aria-busy=false]").wait_for()
    admin_page.get_by_role("tab", name="Notes").click()
    admin_page.get_by_role("button", name="Reply").click()
    answer = admin_page.locator("article .note-form")
    answer.get_by_label("Text of the note").fill("Agreed.")
    answer.get_by_role("button", name="Save").click()
    admin_page.locator(".note-reply", has_text="Agreed.").wait_for()

    page.goto(f"{demo_report}#notes")
    page.reload()
    page.locator(".note-reply", has_text="Ada Admin").wait_for()
    note.get_by_role("button", name="Edit").first.click()
    editor = note.locator(".note-form")
    editor.get_by_label("Text of the note").fill("Her words, @Ada Admin")
    editor.get_by_role("button", name="Save").click()
    note.get_by_text("Edited").wait_for()
    note.get_by_text("Edited").click()
    assert "See how she puts it" in note.locator(".note-history").inner_text()
    assert violations(page, within="#panel-notes") == []
    page.get_by_role("tab", name="Transcript").click()


def test_a_label_that_is_not_so_is_said_on_a_page_and_stands_on_the_lanes(page, demo_report):
    page.goto(f"{demo_report}labels/?modality=eye_gaze")
    page.get_by_label("From").fill("0:02")
    page.get_by_label("To", exact=True).fill("0:03")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Kept. The readings stay as they are.").wait_for()
    page.goto(demo_report)
    page.locator("#lanes[aria-busy=false]").wait_for()
    assert page.locator("#correction-marks .mark").count() == 1
    page.goto(f"{demo_report}labels/")
    page.get_by_role("button", name="Take it back").click()
    page.get_by_role("button", name="Take it back").wait_for(state="detached")


def test_a_link_shows_what_was_chosen_to_who_has_its_password_until_it_is_revoked(
    page, anonymous, platform: Platform, demo_report
):
    platform.shell(AGREE_TO_SHARING)
    page.goto(f"{demo_report}sharing/")
    page.get_by_label("For whom").fill("The hiring manager")
    page.get_by_label("Transcript").uncheck()
    page.get_by_label("Password").fill("a word for two")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("The link is ready").input_value()

    anonymous.goto(link)
    assert violations(anonymous) == []
    for word in ("a wrong guess", "a word for two"):
        anonymous.get_by_label("Password").fill(word)
        anonymous.get_by_role("button", name="Open").click()
    anonymous.get_by_role("heading", name="What was read").wait_for()
    assert anonymous.get_by_role("heading", name="Nonverbal metrics").is_visible()
    assert anonymous.locator("video").count() == 0, "the recording was not chosen"
    anonymous.set_viewport_size({"width": 320, "height": 700})
    assert anonymous.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert violations(anonymous) == []

    page.get_by_role("button", name="Revoke").click()
    page.get_by_text("The link does not work any more.").wait_for()
    anonymous.reload()
    anonymous.get_by_role("heading", name="This link does not open anything").wait_for()
    assert violations(anonymous) == []


def test_an_interview_is_exported_from_its_page(page, demo_report):
    page.goto(f"{demo_report}export/")

    def saved(name: str, role: str) -> Any:
        with page.expect_download() as download:
            page.get_by_role(role, name=name).click()
        return download.value

    archive = saved("ZIP with everything", "button")
    assert archive.suggested_filename == "demo-candidate-interview.zip"
    names = zipfile.ZipFile(archive.path()).namelist()
    assert {"interview.json", "timelines.csv"} <= set(names)
    document = json.loads(saved("JSON", "button").path().read_text(encoding="utf-8"))
    assert document["analysis"]["modalities"]
    table = saved("Timelines as CSV", "link").path().read_text(encoding="utf-8-sig")
    assert "version" in table.splitlines()[0]
    if any(name == "report.pdf" for name in names):
        assert saved("PDF for print", "button").path().read_bytes().startswith(b"%PDF")
    else:  # without Pango
        page.get_by_role("button", name="PDF for print").click()
        page.get_by_text("Pango").first.wait_for()


def test_numbers_beside_those_of_others_lead_to_the_seconds_of_the_answer(page, demo_report):
    page.goto(f"/interviews/compare/?i={demo_report.rstrip('/').rpartition('/')[2]}")
    page.locator(".side-by-side td .label-link", has_text="%").last.click()
    page.locator("#walk").wait_for()
    eventually(page, "document.activeElement.hasAttribute('data-walk-next')")
    assert "1 of " in page.locator("#walk").inner_text()
    page.locator("[data-why='attentiveness']").click()
    page.locator(".why-filled", has_text="÷").wait_for()
    page.get_by_role("button", name="gaze in the center").click()
    page.locator("[data-walk-name]", has_text="gaze in the center").wait_for()
    assert violations(page) == []
