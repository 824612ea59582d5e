"""While a hold stands, whatever somebody changes is kept as it was, nothing is deleted by hand, and adding goes on."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from analysis.models import LabelFeedback, MetricResult, Transcript, TranscriptSentence
from analysis.services import metrics_recompute, sentence_correct
from analysis.services.consent import consent_change
from analysis.services.label_feedback import label_feedback_add
from interviews.models import AuditEntry, HeldRevision, Interview, Note, Question
from interviews.selectors.holds import held_document
from interviews.services import interview_language_set, question_add, question_change
from interviews.services.criteria import criterion_add
from interviews.services.editing import interview_change
from interviews.services.holds import held_revisions_erase, hold_end, hold_set
from interviews.services.notes import note_add, note_edit
from interviews.services.policy import interview_purpose_set
from interviews.services.scorecards import decision_add, scorecard_save, scorecard_waive
from tests.factories.consent import agree


@pytest.fixture
def work(succeeded_run, alice, northwind):
    """What people have added to an interview, and metrics computed with it."""
    interview = succeeded_run.recording.interview
    question_add(interview=interview, by=alice, at_s=9.0, text="Why us?")
    metrics_recompute(interview=interview)
    note_add(interview=interview, by=alice, text="Before")
    words = {"anchor_low": "Vague", "anchor_middle": "Clear in parts", "anchor_high": "Clear throughout"}
    interview.criterion = criterion_add(organization=northwind, by=alice, name="Clarity", **words)
    rate(interview, alice, 2)
    transcript = Transcript.objects.create(recording=succeeded_run.recording, status="succeeded")
    TranscriptSentence.objects.create(
        transcript=transcript,
        position=0,
        start_s=1,
        end_s=2,
        text="heard",
        correction="said",
        corrected_by=alice,
        corrected_at=timezone.now(),
    )
    label_feedback_add(
        run=succeeded_run, by=alice, modality="speech_emotion", start_s=11.0, end_s=15.0, label_right="calm"
    )
    return interview


@pytest.fixture
def hold(work, carol):
    return hold_set(interview=work, by=carol, reason="A lawsuit.", until=timezone.now() + timedelta(days=9))


def rate(interview, by, value, **fields):
    return scorecard_save(interview=interview, by=by, scores={(interview.criterion.pk, None): value}, **fields)


def rename(interview, by):
    position, owner = "", interview.owner
    interview_change(
        interview=interview,
        by=by,
        candidate_name="Another Name",
        candidate_email=interview.candidate.email,
        position=position,
        owner=owner,
    )


CHANGES = {
    "a mark is moved": (
        lambda work, by: question_change(question=work.questions.get(), by=by, at_s=12.0),
        {("interviews.question", "at_s", 9.0)},
    ),
    "metrics are recomputed": (
        lambda work, by: metrics_recompute(interview=work),
        {("analysis.metricresult", "metric", "deep_thinking"), ("analysis.metricresult", "metric", "attentiveness")},
    ),
    "a draft is rated anew": (lambda work, by: rate(work, by, 5), {("interviews.score", "value", 2)}),
    "a draft is given up": (
        lambda work, by: scorecard_waive(interview=work, by=by),
        {("interviews.score", "value", 2), ("interviews.scorecard", "status", "draft")},
    ),
    "a sentence is corrected again": (
        lambda work, by: sentence_correct(sentence=TranscriptSentence.objects.get(), by=by, text=None),
        {("analysis.transcriptsentence", "correction", "said")},
    ),
    "the candidate is renamed": (rename, {("interviews.candidate", "name", "Dana Diaz")}),
    "the language is changed": (
        lambda work, by: interview_language_set(interview=work, by=by, spoken_language="en"),
        {("interviews.interview", "spoken_language", "unknown")},
    ),
    "the purpose is changed": (
        lambda work, by: interview_purpose_set(
            interview=work, by=by, purpose="training", candidate_jurisdiction="elsewhere", reason="It was wrong."
        ),
        {("interviews.interview", "purpose", "research")},
    ),
}


@pytest.mark.parametrize(("change", "before"), CHANGES.values(), ids=CHANGES)
def test_what_is_overwritten_is_kept_as_it_was(work, hold, alice, change, before):
    change(work, alice)
    kept = {
        (one.model, name, value)
        for one in HeldRevision.objects.all()
        for name, value in one.fields.items()
        if not isinstance(value, (dict, list))
    }
    assert before <= kept


@pytest.mark.parametrize(("change", "before"), CHANGES.values(), ids=CHANGES)
def test_without_a_hold_nothing_is_kept(work, alice, change, before):
    change(work, alice)
    assert not HeldRevision.objects.exists()


def test_adding_goes_on_and_an_edited_note_has_its_own_history(work, hold, alice, carol):
    question_add(interview=work, by=alice, at_s=15.0)
    note_add(interview=work, by=carol, text="Another")
    note = note_edit(note=work.notes.get(author=alice), by=alice, text="After")
    decision_add(interview=work, by=alice, outcome="hold", reason="A lawsuit.")
    rate(work, alice, 2, submit=True)
    assert not HeldRevision.objects.exists()
    assert note.revisions.get().text == "Before"


def test_nothing_is_deleted_by_hand_and_pages_and_the_api_say_why(work, hold, alice, client_of):
    browser, question, note = client_of(alice), work.questions.get(), work.notes.get()
    for name, row in (("api_question", question), ("api_note", note)):
        answer = browser.delete(reverse(name, args=[work.pk, row.pk]))
        assert (answer.status_code, answer.json()["code"]) == (409, "on_hold")
    feedback = {"do": "remove", "feedback": str(LabelFeedback.objects.get().pk)}
    page = browser.post(reverse("label_feedback", args=[work.pk]), feedback, follow=True)
    assert "nothing of it is deleted before" in page.content.decode()
    assert (Question.objects.count(), Note.objects.count(), LabelFeedback.objects.count()) == (1, 1, 1)


def test_a_candidate_renamed_everywhere_is_kept_for_each_interview_on_hold(work, hold, alice, make_interview):
    other = make_interview(alice)
    Interview.objects.filter(pk=other.pk).update(candidate=work.candidate)
    interview_change(
        interview=other,
        by=alice,
        candidate_name="Another Name",
        candidate_email=work.candidate.email,
        position="",
        owner=alice,
        everywhere=True,
    )
    assert HeldRevision.objects.get(model="interviews.candidate").interview == work


def test_what_the_candidate_took_back_is_kept_and_downloaded_by_nobody(work, hold, alice):
    metrics_recompute(interview=work)
    sentence_correct(sentence=TranscriptSentence.objects.get(), by=alice, text="other")
    question_change(question=work.questions.get(), by=alice, text="Why not?")
    agree(work, "transcript")
    assert held_document(interview=work)["left_out"] == 0
    consent_change(interview=work, answers={"voice": False, "face": False, "eyes": False, "transcript": False})
    document = held_document(interview=work)
    assert {one["model"] for one in document["before_changes"]} == {"interviews.question"}
    assert document["left_out"] == HeldRevision.objects.count() - 1 == 5


def test_the_keepers_of_data_download_it_until_the_hold_has_ended(work, hold, alice, carol, client_of):
    question_change(question=work.questions.get(), by=alice, text="Why not?")
    browser = client_of(carol)
    page = browser.get(reverse("interview_retention", args=[work.pk])).content.decode()
    assert "Question: 1 earlier state" in page
    answer = browser.get(reverse("interview_held", args=[work.pk]))
    (before,) = (one for one in answer.json()["before_changes"] if one["model"] == "interviews.question")
    assert (before["fields"]["text"], before["replaced_by"]) == ("Why us?", alice.email)
    assert AuditEntry.objects.filter(action="exported", details__file="before-changes.json").exists()

    assert held_revisions_erase() == 0
    hold_end(hold=hold, by=carol)
    assert held_revisions_erase() == 1
    assert held_document(interview=work)["before_changes"] == []
    assert MetricResult.objects.exists()
