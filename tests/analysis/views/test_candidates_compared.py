"""Interviews of a position side by side: whose, in which order, and which questions stand beside each other."""

import pytest
from django.urls import reverse

from analysis.services import run_execute, run_request
from interviews.models import AuditEntry, Interview
from interviews.services.questions import question_add


@pytest.fixture
def analysed(alice, make_interview, pipeline):
    """``analysed("Eve Evans", {2.0: "Why us?"})``: an interview with a report and questions."""

    def make(name, questions, **fields):
        interview = make_interview(alice, candidate_name=name, **fields)
        for at_s, text in questions.items():
            question_add(interview=interview, by=alice, at_s=at_s, text=text)
        run_execute(run_id=run_request(recording=interview.recordings.get(), by=alice).pk)
        return interview

    return make


def address(*interviews):
    return reverse("interviews_compare") + "?" + "&".join(f"i={interview.pk}" for interview in interviews)


def test_the_same_questions_stand_beside_each_other_in_the_readers_order(client_of, alice, analysed):
    dana = analysed("Dana Diaz", {2.0: "Why us?", 9.0: "What next?"})
    eve = analysed("Eve Evans", {4.0: "what  NEXT?", 12.0: "Anything else?"})
    answer = client_of(alice).get(address(eve, dana))
    assert [column["interview"] for column in answer.context["columns"]] == [eve, dana]
    rows = [(row["text"], [cell and cell["start_s"] for cell in row["cells"]]) for row in answer.context["rows"]]
    assert rows == [("what NEXT?", [4.0, 9.0]), ("Anything else?", [12.0, None]), ("Why us?", [None, 2.0])]
    page = answer.content.decode()
    assert page.index("Eve Evans") < page.index("Dana Diaz")
    assert "not asked" in page
    assert "speech heard" in page, "no number without its coverage"
    first = reverse("interview_answer", args=[eve.pk, 1])
    assert f'href="{first}#why-attentiveness"' in page, "each number leads to its seconds"
    assert f'href="{first}#eye_gaze-center"' in page
    assert address(dana, eve).split("?")[1].replace("&", "&amp;") in page, "the reader moves a column"


def test_what_was_asked_twice_has_two_rows(client_of, alice, analysed):
    dana = analysed("Dana Diaz", {2.0: "Why us?", 9.0: "Why us?"})
    rows = client_of(alice).get(address(dana)).context["rows"]
    assert [row["cells"][0]["start_s"] for row in rows] == [2.0, 9.0]


def test_other_positions_and_other_organizations_are_left_out_and_four_are_enough(
    client_of, alice, bob, make_interview, analysed
):
    first = analysed("Dana Diaz", {2.0: "Why us?"})
    other = make_interview(alice, position="Welder")
    foreign = make_interview(bob)
    same = [make_interview(alice, candidate_name=f"{name} Doe") for name in ("Ann", "Ben", "Cy", "Di")]
    answer = client_of(alice).get(address(first, other, foreign, *same) + "&i=nonsense")
    shown = [column["interview"] for column in answer.context["columns"]]
    assert shown == [first, *same[:3]]
    assert "There is no report of this interview." in answer.content.decode()
    assert Interview.objects.filter(pk=foreign.pk).exists()


def test_what_is_locked_for_the_reader_is_locked_here(client_of, alice, analysed):
    interview = analysed("Dana Diaz", {2.0: "Why us?"})
    interview.organization.criteria.create(name="Clarity")
    type(interview.organization).objects.update(rate_first=True)
    answer = client_of(alice).get(address(interview))
    assert answer.context["rows"] == []
    assert "Your organization rates first" in answer.content.decode()


def test_what_is_for_the_candidate_alone_is_not_shown_here_either(client_of, alice, analysed):
    interview = analysed("Dana Diaz", {2.0: "Why us?"})
    interview.purpose = "training"
    interview.save()
    answer = client_of(alice).get(address(interview))
    assert answer.context["rows"] == []
    assert "shown to the candidate alone" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="report_viewed").exists()
