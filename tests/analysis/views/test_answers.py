"""The pages of the answers: all in a table, and each."""

from django.urls import reverse

from interviews.models import Question
from interviews.services.criteria import criterion_add
from interviews.services.scorecards import scorecard_save


def test_all_answers_stand_in_a_table_and_each_has_a_page(client_of, alice, interview, succeeded_run):
    Question.objects.create(interview=interview, at_s=2.0, text="Why us?", created_by=alice)
    Question.objects.create(interview=interview, at_s=9.0, text="Why you?", created_by=alice)
    client = client_of(alice)
    table = client.get(reverse("interview_answers", args=[interview.pk])).content.decode()
    assert "Why us?" in table
    assert "Why you?" in table
    first = reverse("interview_answer", args=[interview.pk, 1])
    assert first in table
    page = client.get(first).content.decode()
    assert "#t=2.000,9.000" in page
    assert reverse("interview_answer", args=[interview.pk, 2]) in page
    assert client.get(reverse("interview_answer", args=[interview.pk, 3])).status_code == 404


def test_numbers_of_an_answer_lead_to_their_seconds(client_of, alice, interview, succeeded_run):
    Question.objects.create(interview=interview, at_s=9.0, text="Why us?", created_by=alice)
    client, page = client_of(alice), reverse("interview_answer", args=[interview.pk, 1])
    table = client.get(reverse("interview_answers", args=[interview.pk])).content.decode()
    shown = client.get(page).content.decode()
    for number in ("facial_expression-happy", "eye_gaze-read", "talk-talk", "talk-before", "why-attentiveness"):
        assert f'href="{page}#{number}"' in table
        assert f'id="{number}"' in shown
    assert shown.count('id="eye_gaze-read"') == 1
    for page_of_numbers in (table, shown):  # coverage of attentiveness
        assert 'data-walk-path="eye_gaze/read" data-walk-label="Q1, Attentiveness"' in page_of_numbers
    assert 'data-walk-path="talk/talk" data-walk-label="Q1, talk" data-within="9.000,20.000"' in shown

    def asked(name, *of, **part):
        return client.get(reverse(name, args=[succeeded_run.pk, *of]), part)

    part = {"from_s": 9, "to_s": 20}
    assert asked("api_run_stretches", "talk", "talk", **part).json()["stretches"] == [[9.0, 15.0, 0.0]]
    assert asked("api_run_stretches", "eye_gaze", "left", **part).json()["seconds"] == 4.0
    assert "= 0.45" in asked("api_run_explanation", "attentiveness", **part).json()["filled"]
    assert asked("api_run_stretches", "talk", "nonsense", **part).status_code == 404
    for wrong in ({"from_s": 9}, {"from_s": 9, "to_s": 9}, {"from_s": "nan", "to_s": 9}):
        assert asked("api_run_stretches", "talk", "talk", **wrong).status_code == 400


def test_each_answer_has_its_ratings_and_those_of_others_after_ones_own(
    client_of, alice, carol, northwind, interview, succeeded_run
):
    question = Question.objects.create(interview=interview, at_s=2.0, text="Why us?", created_by=alice)
    anchors = {"anchor_low": "Vague", "anchor_middle": "Clear in parts", "anchor_high": "Clear throughout"}
    clarity = criterion_add(organization=northwind, by=carol, name="Clarity", per_question=True, **anchors)
    scores = {(clarity.pk, None): 2, (clarity.pk, question.pk): 2}
    scorecard_save(interview=interview, by=carol, scores=scores, submit=True)
    client, page = client_of(alice), reverse("interview_answer", args=[interview.pk, 1])
    assert "not rated" in client.get(page).content.decode()
    scores = {(clarity.pk, None): 4, (clarity.pk, question.pk): 4}
    scorecard_save(interview=interview, by=alice, scores=scores, submit=False)
    draft = client.get(page).content.decode()
    assert "your draft" in draft
    assert "Carol Cooper" not in draft
    scorecard_save(interview=interview, by=alice, scores=scores, submit=True)
    for address in (page, reverse("interview_answers", args=[interview.pk])):
        rated = client.get(address).content.decode()
        assert "Carol Cooper <b>2</b>" in rated
        assert "Alice Archer <b>4</b>" in rated


def test_without_questions_the_parts_are_minutes(client_of, alice, interview, succeeded_run):
    page = client_of(alice).get(reverse("interview_answers", args=[interview.pk])).content.decode()
    assert "Minute by minute" in page


def test_without_a_report_there_are_no_answers(client_of, alice, interview):
    assert client_of(alice).get(reverse("interview_answers", args=[interview.pk])).status_code == 404


def test_timelines_that_are_gone_are_told(client_of, alice, interview, reported):
    page = client_of(alice).get(reverse("interview_answers", args=[interview.pk])).content.decode()
    assert "missing from storage" in page
