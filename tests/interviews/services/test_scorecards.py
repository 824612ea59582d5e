"""Scorecards: drafts are one's own, others' ratings come after one's own, agreement after everybody's."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from interviews.errors import Refusal
from interviews.models import Assignment, AuditEntry, Question, Score
from interviews.selectors.scorecards import ratings_page, readings_locked
from interviews.services import interview_delete
from interviews.services.criteria import criterion_add, criterion_move, criterion_retire, rate_first_set
from interviews.services.questions import question_remove
from interviews.services.scorecards import decision_add, scorecard_save, scorecard_waive

ANCHORS = {"anchor_low": "Vague", "anchor_middle": "Clear in parts", "anchor_high": "Clear throughout"}


@pytest.fixture
def clarity(northwind, carol):
    return criterion_add(organization=northwind, by=carol, name="Clarity", per_question=True, **ANCHORS)


@pytest.fixture
def depth(northwind, carol):
    return criterion_add(organization=northwind, by=carol, name="Depth", **ANCHORS)


def rate(interview, by, scores, **fields):
    cells = {(criterion.pk, None): value for criterion, value in scores.items()}
    return scorecard_save(interview=interview, by=by, scores=cells, **{"submit": True, **fields})


def test_others_ratings_are_shown_to_who_has_rated(interview, alice, carol, clarity, depth):
    rate(interview, carol, {clarity: 2, depth: 5}, comment="Too fast for me")
    before = ratings_page(interview=interview, user=alice)
    assert before["others"] is None
    assert all(row["values"] == [] for row in before["rows"])
    rate(interview, alice, {clarity: 4}, submit=False)
    assert ratings_page(interview=interview, user=alice)["others"] is None, "a draft is no rating"
    rate(interview, alice, {clarity: 4, depth: 5})
    after = ratings_page(interview=interview, user=alice)
    assert [other.comment for other in after["others"]] == ["Too fast for me"]
    assert [row["values"] for row in after["rows"]] == [
        [("Carol Cooper", 2), ("Alice Archer", 4)],
        [("Carol Cooper", 5), ("Alice Archer", 5)],
    ]
    assert [row["spread"] for row in after["rows"]] == [2, 0]
    assert after["agreement"] == {"rated": 2, "equal": 1, "close": 1}


def test_agreement_waits_for_everybody_who_was_given_the_interview(interview, alice, carol, clarity):
    Assignment.objects.create(interview=interview, user=carol, assigned_by=alice)
    rate(interview, alice, {clarity: 3})
    shown = ratings_page(interview=interview, user=alice)
    assert (shown["waiting"], shown["agreement"]) == (["Carol Cooper"], None)
    scorecard_waive(interview=interview, by=carol)
    assert ratings_page(interview=interview, user=alice)["waiting"] == []
    assert ratings_page(interview=interview, user=carol)["others"] is not None


def test_a_scorecard_is_whole_when_it_is_submitted_and_stays(interview, alice, clarity, depth, northwind):
    with pytest.raises(ValidationError, match="Depth"):
        rate(interview, alice, {clarity: 3})
    assert not Score.objects.exists(), "nothing of what was refused is kept"
    for scores in ({clarity: 6, depth: 1}, {}):
        with pytest.raises(ValidationError):
            rate(interview, alice, scores)
    rate(interview, alice, {clarity: 3, depth: 1})
    for again in (
        lambda: rate(interview, alice, {clarity: 4, depth: 4}),
        lambda: scorecard_waive(interview=interview, by=alice),
    ):
        with pytest.raises(Refusal):
            again()
    log = AuditEntry.objects.filter(action="rating_changed", interview=interview.pk).values_list("details", flat=True)
    assert [details["change"] for details in log] == ["scorecard submitted"], "drafts and numbers are not in the log"
    assert all(set(details) == {"change", "scorecard"} for details in log)


def test_ratings_of_a_question_need_its_mark(interview, alice, clarity, depth):
    question = Question.objects.create(interview=interview, at_s=1, created_by=alice)
    for cell in ((depth.pk, question.pk), (clarity.pk, clarity.pk)):
        with pytest.raises(ValidationError):
            scorecard_save(interview=interview, by=alice, scores={cell: 3})
    scorecard_save(interview=interview, by=alice, scores={(clarity.pk, question.pk): 3})
    [answer] = ratings_page(interview=interview, user=alice)["answers"]
    assert [row["own"] for row in answer["rows"]] == [3]
    with pytest.raises(Refusal):
        question_remove(question=question, by=alice)
    interview_delete(interview=interview, by=alice)
    assert not Score.objects.exists()


def test_readings_wait_for_ones_own_rating_where_the_organization_says_so(interview, alice, carol, northwind, clarity):
    assert not readings_locked(interview=interview, user=alice)
    rate_first_set(organization=northwind, by=carol, rate_first=True)
    interview.organization.refresh_from_db()
    assert readings_locked(interview=interview, user=alice)
    rate(interview, alice, {clarity: 3})
    assert not readings_locked(interview=interview, user=alice)
    assert readings_locked(interview=interview, user=carol)
    criterion_retire(criterion=clarity, by=carol)
    assert not readings_locked(interview=interview, user=carol), "there is nothing to rate"


def test_criteria_have_an_order_and_their_words_are_kept(northwind, carol, clarity, depth):
    criterion_move(criterion=depth, by=carol, up=True)
    criterion_move(criterion=depth, by=carol, up=True)
    assert [criterion.name for criterion in northwind.criteria.all()] == ["Depth", "Clarity"]
    with pytest.raises(ValidationError):
        criterion_add(organization=northwind, by=carol, name="Depth", **ANCHORS)
    criterion_retire(criterion=depth, by=carol)
    criterion_add(organization=northwind, by=carol, name="Depth", **ANCHORS)
    assert northwind.criteria.filter(retired_at=None).count() == 2


def test_a_decision_has_a_reason_and_the_earlier_one_stays(interview, alice, client_of):
    for fields in ({"outcome": "hire", "reason": "x"}, {"outcome": "advance", "reason": " "}):
        with pytest.raises(ValidationError):
            decision_add(interview=interview, by=alice, **fields)
    decision_add(interview=interview, by=alice, outcome="hold", reason="Ask about references.")
    client_of(alice).post(
        reverse("decide", args=[interview.pk]), {"outcome": "advance", "reason": "References are good."}
    )
    assert [decision.outcome for decision in interview.decisions.all()] == ["advance", "hold"]


def test_the_page_keeps_a_draft_and_submits_it(client_of, alice, interview, clarity, depth):
    browser, url = client_of(alice), reverse("scorecard", args=[interview.pk])
    page = browser.post(url, {f"score-{clarity.pk}": "4", "comment": "So far", "do": "submit"}).content.decode()
    assert "Not rated yet: Depth" in page
    assert "So far" in page
    page = browser.post(url, {f"score-{clarity.pk}": "4", f"score-{depth.pk}": "2", "do": "submit"}, follow=True)
    assert "Your scorecard is submitted." in page.content.decode()
    assert "Alice Archer: <b>4</b>" in page.content.decode()
