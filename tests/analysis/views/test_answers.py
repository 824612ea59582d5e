"""The pages of the answers: all in a table, and each."""

from django.urls import reverse

from interviews.models import Question


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


def test_without_questions_the_parts_are_minutes(client_of, alice, interview, succeeded_run):
    page = client_of(alice).get(reverse("interview_answers", args=[interview.pk])).content.decode()
    assert "Minute by minute" in page


def test_without_a_report_there_are_no_answers(client_of, alice, interview):
    assert client_of(alice).get(reverse("interview_answers", args=[interview.pk])).status_code == 404


def test_timelines_that_are_gone_are_told(client_of, alice, interview, reported):
    page = client_of(alice).get(reverse("interview_answers", args=[interview.pk])).content.decode()
    assert "missing from storage" in page
