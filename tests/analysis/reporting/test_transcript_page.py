"""The transcript's place on the interview's page, as the server writes it; a script then fetches its sentences."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from analysis.models import Transcript, TranscriptSentence
from analysis.reporting.transcript_page import STATES, transcript_present
from interviews.models import Interview
from tests.factories.consent import agree


@pytest.fixture
def agreed(interview):
    """Alice's interview, to whose transcript the candidate agreed."""
    agree(interview, "transcript")
    return interview


@pytest.fixture
def page(client_of, alice, interview):
    """``page()``: what Alice is shown of the interview."""

    def get() -> str:
        return client_of(alice).get(reverse("interview_detail", args=[interview.pk])).content.decode()

    return get


def make_transcript(interview, status, **fields):
    return Transcript.objects.create(recording=interview.recordings.get(), status=status, **fields)


def state_of(page: str) -> str:
    """The words of the part that says how far the transcript is."""
    part = page[page.index('id="transcript-state"') : page.index('id="transcript-loading"')]
    return re.sub(r"<[^>]+>", " ", part).replace("&#x27;", "'")


def data_of(page: str) -> dict:
    return json.loads(page.split('<script id="page-data" type="application/json">')[1].split("</script>")[0])


@pytest.mark.parametrize("status", [*Transcript.Status.values, "none", "not_agreed", "impossible"])
def test_every_status_has_words(status):
    assert STATES[status]["title"]


@pytest.mark.parametrize(
    ("status", "fields", "sentence"),
    [
        ("queued", {}, "Waiting for a worker"),
        ("running", {"progress": 0.42, "stage": "Recognising words"}, "Recognising words"),
        ("failed", {"reason": "The worker was interrupted three times."}, "interrupted three times"),
        ("cancelled", {}, "You can start it again at any time."),
        ("refused", {"reason": "Nothing that was said could be read as English."}, "could be read as English"),
    ],
)
def test_the_page_says_how_far_the_transcript_is(agreed, page, status, fields, sentence):
    make_transcript(agreed, status, **fields)
    shown = page()
    assert sentence in state_of(shown)
    assert data_of(shown)["transcript"]["status"] == status
    assert "<track" not in shown


def test_before_the_first_request_the_page_says_that_one_may_be_made(agreed, page):
    assert "The candidate agreed to a transcript." in state_of(page())


def test_without_the_candidates_agreement_the_page_says_why_there_is_none(agreed, page):
    agree(agreed, "transcript", given=False)
    assert "agreement to a transcript is not stored" in state_of(page())


def test_where_another_language_is_spoken_the_page_says_why_there_is_none(agreed, page):
    Interview.objects.update(spoken_language="other")
    shown = page()
    assert "English only" in state_of(shown)
    assert '<option value="other" selected>' in shown


def test_a_transcript_that_cannot_be_made_is_not_promised(agreed, page):
    agreed.recordings.update(has_audio=False)
    said = state_of(page())
    assert "no audio" in said
    assert "when you ask" not in said


def test_a_finished_transcript_gives_the_player_captions_and_leaves_its_sentences_to_the_script(agreed, page):
    transcript = make_transcript(agreed, "succeeded", progress=1.0, finished_at=timezone.now())
    words = "A sentence that only the API tells."
    TranscriptSentence.objects.create(transcript=transcript, position=0, start_s=0.0, end_s=1.0, text=words)
    shown = page()
    vtt = reverse("transcript_vtt", args=[agreed.pk])
    assert f'<track kind="captions" srclang="en" label="English (written by software)" src="{vtt}">' in shown
    assert f'href="{reverse("transcript_txt", args=[agreed.pk])}"' in shown
    assert words not in shown
    assert data_of(shown)["urls"]["transcript"]["state"] == reverse("api_transcript", args=[agreed.pk])


def test_the_words_for_a_missing_transcript_depend_on_whether_it_can_be_made():
    state = {
        **dict.fromkeys(("stage", "model", "created_at", "finished_at"), ""),
        **{"status": "none", "progress": 0.0, "reason": "", "can_cancel": False},
    }
    assert transcript_present({**state, "can_start": True})["start"] == "Make the transcript"
    assert transcript_present({**state, "can_start": False})["title"] == "No transcript"
