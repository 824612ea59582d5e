"""The transcript beside the player: following, searching, correcting, captions, questions that were heard, its states.

Its rows are written into the installation as the worker leaves them; no model runs for them here.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.conftest import Platform, eventually
from tests.e2e.test_accessibility import violations

QUESTION = "Could you tell me about a time when you disagreed with your manager?"
SENTENCES = [
    "Thank you for having me.",
    "",
    "I had to migrate the billing system.",
    QUESTION,
    "Well, it did not really work out.",
    *[f"And this is what happened in week {week}, billing and all." for week in range(1, 20)],
]
STEP_S = 1.4
WRITE = """
import json, sys
from django.utils import timezone
from analysis.models import Transcript, TranscriptSentence
from analysis.services import metrics_recompute
from interviews.models import Interview
from interviews.services.consent import consent_record
given = json.loads({given!r})
interview = Interview.objects.get(pk=given["interview"])
interview.questions.all().delete()
metrics_recompute(interview=interview)
interview.spoken_language = given.get("spoken_language", "english")
interview.save()
recording = interview.recordings.get()
answers = {{"transcript": (given["agreed"], "Agreed." if given["agreed"] else "Not agreed.")}}
consent_record(interview=interview, answers=answers, how="room")
Transcript.objects.filter(recording=recording).delete()
if given["fields"] is not None:
    row = Transcript.objects.create(
        recording=recording, finished_at=timezone.now(), model_name="whisper-tiny.en", model_version="1",
        model_sha256="ab" * 32, **given["fields"],
    )
    TranscriptSentence.objects.bulk_create(
        TranscriptSentence(
            transcript=row, position=position, start_s=1 + position * {step}, end_s=2 + position * {step},
            text=text, readable=bool(text), reason="" if text else "music",
        )
        for position, text in enumerate(given["sentences"])
    )
"""


@pytest.fixture
def written(platform: Platform, demo_report: str) -> Callable[..., str]:
    """``written(status="failed", …)``: the demo's transcript is so now, and no question is marked. Returns the page's
    address."""

    def write(*, agreed: bool = True, language: str = "english", missing: bool = False, **fields: Any) -> str:
        fields = {"status": "succeeded", "progress": 1.0, **fields}
        given = {
            "interview": demo_report.rstrip("/").rsplit("/", 1)[1],
            "agreed": agreed,
            "spoken_language": language,
            "fields": None if missing else fields,
            "sentences": SENTENCES if fields["status"] == "succeeded" else [],
        }
        platform.shell(WRITE.format(given=json.dumps(given), step=STEP_S))
        return f"{demo_report}#transcript"

    return write


@pytest.fixture
def transcript(page: Any, written: Callable[..., str]) -> Any:
    """The report with its transcript open."""
    page.goto(written())
    page.locator(".sentence").nth(len(SENTENCES) - 1).wait_for(state="attached")
    page.locator("#lanes[aria-busy=false]").wait_for()
    eventually(page, "document.getElementById('player').readyState >= 1")
    return page


def sentence(page: Any, position: int) -> Any:
    return page.locator(".sentence").nth(position)


def assert_plays_from(page: Any, second: float) -> None:
    """It plays on while a busy machine looks."""
    assert second - 0.1 <= page.evaluate("document.getElementById('player').currentTime") < second + 5


def is_in_sight(page: Any) -> bool:
    return bool(
        page.evaluate(
            """() => {
              const list = document.getElementById("sentences").getBoundingClientRect();
              const now = document.querySelector(".sentence[aria-current]").getBoundingClientRect();
              return now.top >= list.top && now.bottom <= list.bottom;
            }"""
        )
    )


def test_a_click_plays_the_second_of_a_sentence_and_the_list_follows(transcript):
    sentence(transcript, 4).locator(".sentence-text").click()
    assert_plays_from(transcript, 1 + 4 * STEP_S)
    eventually(transcript, "!document.getElementById('player').paused")
    transcript.keyboard.press("k")
    transcript.evaluate("document.getElementById('player').currentTime = 30")
    eventually(transcript, "document.querySelectorAll('.sentence')[20].hasAttribute('aria-current')")
    transcript.wait_for_timeout(800)  # it glides
    assert is_in_sight(transcript)
    assert transcript.locator(".sentence[aria-current]").count() == 1


def test_a_note_stands_beside_its_sentence_and_opens_by_key(transcript):
    transcript.locator("#tab-notes").click()
    transcript.locator("#note-text").fill("Ask her about this.")
    transcript.locator("#note-at").fill("0:06.7")
    transcript.locator("#note-new button[type=submit]").click()
    transcript.locator("article.note", has_text="Ask her about this.").wait_for()
    transcript.locator("#tab-transcript").click()
    mark = sentence(transcript, 4).locator("[data-notes]")
    mark.wait_for()
    assert mark.inner_text() == "1 note"
    assert transcript.locator("[data-notes]:not([hidden])").count() == 1
    assert violations(transcript) == []
    sentence(transcript, 4).locator("[data-go]").focus()
    mark.press("Enter")
    assert "Ask her about this." in transcript.evaluate("document.activeElement.textContent")
    remove = transcript.locator("article.note", has_text="Ask her about this.").locator("[data-note-delete]")
    remove.click()
    remove.click()
    eventually(transcript, "!document.querySelector('[data-notes]:not([hidden])')")


def test_the_list_stays_where_the_reader_scrolls_until_they_come_back(transcript):
    back = transcript.get_by_role("button", name="Back to the player's place")
    assert back.is_hidden()
    sentence(transcript, 2).hover()
    transcript.mouse.wheel(0, 120)
    back.wait_for()
    transcript.evaluate("document.getElementById('player').currentTime = 32")
    eventually(transcript, "document.querySelectorAll('.sentence')[22].hasAttribute('aria-current')")
    transcript.wait_for_timeout(500)
    assert not is_in_sight(transcript)
    back.click()
    transcript.wait_for_timeout(800)
    assert is_in_sight(transcript)
    assert back.is_hidden()


def test_the_keyboard_goes_from_sentence_to_sentence_and_plays(transcript):
    transcript.locator("#sentences [tabindex='0'][data-go]").focus()
    for _ in range(3):
        transcript.keyboard.press("ArrowDown")
    assert transcript.evaluate("document.activeElement.textContent") == "0:05.2"
    transcript.keyboard.press("Enter")
    assert_plays_from(transcript, 1 + 3 * STEP_S)
    assert transcript.locator("#sentences [tabindex='0'][data-go]").count() == 1


def test_a_search_marks_its_hits_and_goes_from_one_to_the_next(transcript):
    field = transcript.get_by_label("Search the transcript")
    count = transcript.locator("#transcript-hits")
    field.fill("BILLING")
    transcript.locator("#sentences mark").first.wait_for()
    assert transcript.locator("#sentences mark").count() == 20
    assert count.inner_text() == "1 of 20"
    field.press("Enter")
    assert count.inner_text() == "2 of 20"
    transcript.get_by_role("button", name="Previous hit").click()
    transcript.get_by_role("button", name="Previous hit").click()
    assert count.inner_text() == "20 of 20"
    assert transcript.locator("mark.is-chosen").count() == 1
    field.fill("nobody said so")
    transcript.get_by_text("not found").wait_for()
    assert transcript.get_by_role("button", name="Next hit").is_disabled()
    field.press("Escape")
    eventually(transcript, "document.getElementById('transcript-hits').textContent === ''")
    assert transcript.locator("mark").count() == 0


def test_a_sentence_is_corrected_by_hand_and_its_original_is_kept(transcript):
    row = sentence(transcript, 4)
    row.hover()
    row.get_by_role("button", name="Correct the sentence at").click()
    field = row.get_by_role("textbox")
    assert field.input_value() == SENTENCES[4]
    field.fill("   ")
    field.press("Enter")
    row.get_by_text("Write what is said, or cancel.").wait_for()
    field.fill("Well, it did not work out at first.")
    before = transcript.evaluate("document.querySelector('#player track').src")
    field.press("Enter")
    row.get_by_text("Well, it did not work out at first.").wait_for()
    told = row.locator("[data-corrected]").inner_text()
    assert "Corrected by Rita Recruiter" in told
    assert f"Recognised: “{SENTENCES[4]}”" in told
    assert transcript.evaluate("document.querySelector('#player track').src") != before  # its captions too
    transcript.reload()
    row.get_by_text("Well, it did not work out at first.").wait_for()
    row.get_by_role("button", name="Undo correction").click()
    row.get_by_text(SENTENCES[4], exact=True).wait_for()
    assert row.locator("[data-corrected]").is_hidden()


def test_leaving_a_correction_changes_nothing(transcript):
    row = sentence(transcript, 2)
    row.hover()
    row.get_by_role("button", name="Correct the sentence at").click()
    row.get_by_role("textbox").fill("Something else")
    transcript.keyboard.press("Escape")
    assert row.locator(".sentence-text").inner_text() == SENTENCES[2]
    assert transcript.evaluate("document.activeElement.hasAttribute('data-correct')")


def test_what_could_not_be_read_says_so_and_every_sentence_shows_what_was_read_of_voice_and_face(transcript):
    assert sentence(transcript, 1).locator(".sentence-text").inner_text() == "[not readable: music]"
    for position in (0, 2, 4):
        chips = sentence(transcript, position).locator(".emotion")
        assert chips.count() == 2
        assert chips.nth(0).inner_text().startswith("voice ")
        assert chips.nth(1).inner_text().startswith("face ")
    measured = transcript.locator(".emotion[title]").first
    assert "confidence" in measured.get_attribute("title")
    assert "coverage" in measured.get_attribute("title")
    transcript.get_by_role("button", name="Show confidence").click()
    assert measured.locator(".emotion-detail").bounding_box()["width"] > 50


def test_the_player_has_captions_and_both_files_can_be_downloaded(transcript):
    transcript.evaluate("document.getElementById('player').textTracks[0].mode = 'showing'")
    eventually(transcript, "(document.getElementById('player').textTracks[0].cues || []).length > 20")
    cues = "[...document.getElementById('player').textTracks[0].cues].map((cue) => cue.text).join(' ')"
    assert SENTENCES[2] in transcript.evaluate(cues).replace("\n", " ")
    for name, words in ((".txt", SENTENCES[2]), (".vtt", "WEBVTT")):
        with transcript.expect_download() as download:
            transcript.get_by_role("link", name=name).click()
        assert download.value.suggested_filename.endswith(name)
        assert words in download.value.path().read_text(encoding="utf-8")


def test_a_question_that_was_heard_is_marked_by_a_click_and_the_metrics_follow(transcript):
    line = transcript.locator("#transcript-offers")
    line.get_by_text("1 question was heard that is not marked.").wait_for()
    assert transcript.locator(".mark").count() == 0, "nothing is marked without a click"
    assert "No questions are marked" in transcript.locator("[data-metric=deep_thinking]").text_content()
    sentence(transcript, 3).get_by_role("button", name="Mark as question").click()
    transcript.locator(".mark").wait_for()
    assert line.is_hidden()
    eventually(
        transcript,
        "!document.querySelector('[data-metric=deep_thinking]').textContent.includes('No questions are marked')",
    )
    transcript.get_by_role("tab", name="Questions").click()
    question = transcript.locator(".question")
    assert question.locator("[data-go]").inner_text() == "0:05.2"
    assert question.locator("[data-text]").inner_text() == QUESTION
    question.get_by_role("button", name="Remove").click()
    offers = transcript.locator("#question-offers")
    offers.get_by_text(QUESTION).wait_for()  # offered again
    offers.get_by_role("button", name="Mark it").click()
    question.wait_for()
    assert offers.is_hidden()
    question.get_by_role("button", name="Remove").click()
    transcript.get_by_text("No questions are marked yet.").wait_for()


@pytest.mark.parametrize(
    ("state", "sentence", "button"),
    [
        ({"missing": True}, "The candidate agreed to a transcript.", "Make the transcript"),
        ({"missing": True, "agreed": False}, "agreement to a transcript is not stored", ""),
        ({"missing": True, "language": "other"}, "Another language than English", ""),
        ({"status": "failed", "reason": "The worker was interrupted three times."}, "three times", "Try again"),
        ({"status": "cancelled"}, "You can start it again at any time.", "Make the transcript"),
        ({"status": "refused", "reason": "Nothing readable was found."}, "Nothing readable", "Try again"),
    ],
    ids=["none", "not_agreed", "other", "failed", "cancelled", "refused"],
)
def test_every_state_has_its_sentence_and_what_can_be_done(page, written, state, sentence, button):
    page.goto(written(**state))
    panel = page.locator("#transcript-state")
    panel.get_by_text(sentence).wait_for()
    assert panel.locator(".btn:visible").all_inner_texts() == ([button] if button else [])
    assert page.locator("#transcript-body").is_hidden()
    assert page.locator("#player track").count() == 0
    assert violations(page, within="#panel-transcript") == []


def test_the_language_is_said_on_the_page_and_opens_the_way(page, written):
    page.goto(written(missing=True, language="other"))
    panel = page.locator("#transcript-state")
    panel.get_by_text("Another language than English").wait_for()
    page.get_by_label("Spoken language").select_option("english")
    panel.get_by_role("button", name="Make the transcript").wait_for()
    page.get_by_label("Spoken language").select_option("other")
    panel.get_by_text("Another language than English").wait_for()
    page.reload()
    assert page.get_by_label("Spoken language").input_value() == "other"


def test_the_transcript_is_accessible(transcript):
    transcript.get_by_label("Search the transcript").fill("billing")
    transcript.locator("#sentences mark").first.wait_for()
    sentence(transcript, 2).locator("[data-correct]").click()
    assert violations(transcript, within="#panel-transcript") == []
    transcript.get_by_role("tab", name="Questions").click()
    assert violations(transcript, within="#question-offers") == []


def test_on_a_telephone_the_player_stays_in_sight(transcript):
    transcript.set_viewport_size({"width": 390, "height": 844})
    transcript.locator(".transcript-note").scroll_into_view_if_needed()
    box = transcript.locator("#player").bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] < 844 / 2
