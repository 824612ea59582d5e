"""The API of analyses: who may do what, what it answers, and that no input breaks it."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from analysis.models import AnalysisRun
from interviews.models import Question
from interviews.services import question_add
from tests.factories.requests import send

Status = AnalysisRun.Status


@pytest.fixture
def marked(succeeded_run, alice):
    """The run, and a question mark of its interview."""
    question = question_add(interview=succeeded_run.recording.interview, by=alice, at_s=3.0, text="Why?")
    return succeeded_run, question


def requests_to(run: AnalysisRun, question: Question) -> list[tuple[str, str]]:
    interview = run.recording.interview_id
    return [
        ("get", reverse("api_questions", args=[interview])),
        ("post", reverse("api_questions", args=[interview])),
        ("patch", reverse("api_question", args=[interview, question.pk])),
        ("delete", reverse("api_question", args=[interview, question.pk])),
        ("post", reverse("api_interview_runs", args=[interview])),
        ("get", reverse("api_run", args=[run.pk])),
        ("post", reverse("api_run_cancel", args=[run.pk])),
        ("post", reverse("api_run_retry", args=[run.pk])),
        ("get", reverse("api_run_report", args=[run.pk])),
        ("get", reverse("api_run_timelines", args=[run.pk])),
        ("get", reverse("run_person_picture", args=[run.pk, 1])),
    ]


def test_another_organizations_analyses_do_not_exist(marked, bob, client_of):
    client = client_of(bob)
    for method, url in requests_to(*marked):
        assert send(client, method, url, {"at_s": 1.0}).status_code == 404, (method, url)
    assert AnalysisRun.objects.count() == 1
    assert Question.objects.get().at_s == 3.0


def test_strangers_are_turned_away(marked, client):
    for method, url in requests_to(*marked):
        assert send(client, method, url, {"at_s": 1.0}).status_code == 403, (method, url)
    assert Question.objects.get().at_s == 3.0


def test_writing_needs_the_csrf_token(marked, alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    for method, url in requests_to(*marked):
        if method != "get":
            assert send(client, method, url, {"at_s": 1.0}).status_code == 403, (method, url)


def test_a_run_tells_how_far_it_is(queued_run, alice, client_of):
    answer = client_of(alice).get(reverse("api_run", args=[queued_run.pk])).json()
    assert set(answer) == {
        "id",
        "status",
        "stage",
        "progress",
        "remaining_s",
        "failure_reason",
        "attempts",
        "queue_position",
        "starts_in_s",
        "cancel_requested",
        "created_at",
        "started_at",
        "finished_at",
    }
    assert (answer["id"], answer["status"], answer["queue_position"]) == (str(queued_run.pk), "queued", 1)


def test_a_run_is_cancelled_and_retried(queued_run, alice, client_of):
    client = client_of(alice)
    cancelled = send(client, "post", reverse("api_run_cancel", args=[queued_run.pk]))
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    again = send(client, "post", reverse("api_run_retry", args=[queued_run.pk]))
    assert (again.status_code, again.json()["status"]) == (201, "queued")
    assert again.json()["id"] != str(queued_run.pk)
    conflict = send(client, "post", reverse("api_run_retry", args=[queued_run.pk]))
    assert (conflict.status_code, conflict.json()["code"]) == (409, "run_conflict")
    assert conflict.json()["detail"] == "This recording is already being analysed."


def test_an_interview_is_analysed_again_one_run_at_a_time(succeeded_run, alice, client_of):
    client, url = client_of(alice), reverse("api_interview_runs", args=[succeeded_run.recording.interview_id])
    first = send(client, "post", url)
    assert (first.status_code, first.json()["status"]) == (201, "queued")
    assert send(client, "post", url).status_code == 409


def test_an_interview_without_a_recording_cannot_be_analysed(interview, alice, client_of):
    interview.recordings.all().delete()
    answer = send(client_of(alice), "post", reverse("api_interview_runs", args=[interview.pk]))
    assert (answer.status_code, answer.json()["code"]) == (409, "no_recording")


@pytest.mark.parametrize("name", ["api_run_report", "api_run_timelines"])
@pytest.mark.parametrize("status", sorted(set(Status.values) - {"succeeded"}))
def test_there_is_no_report_before_a_run_has_succeeded(queued_run, alice, client_of, name, status):
    AnalysisRun.objects.update(status=status)
    answer = client_of(alice).get(reverse(name, args=[queued_run.pk]))
    assert (answer.status_code, answer.json()["code"]) == (409, "no_report")


def test_the_report_and_its_timelines_are_served(succeeded_run, alice, client_of):
    client = client_of(alice)
    report = client.get(reverse("api_run_report", args=[succeeded_run.pk])).json()
    assert report["run"]["id"] == str(succeeded_run.pk)
    assert report["modalities"]["eye_gaze"]["counts"]["left"] == 40
    lanes = client.get(reverse("api_run_timelines", args=[succeeded_run.pk])).json()
    assert lanes["duration_s"] == 20.0
    assert lanes["modalities"]["eye_gaze"]["intervals"][0] == [0.0, 0.1, "center", 0.9]
    assert "left" in lanes["modalities"]["eye_gaze"]["labels"]


def test_unknown_ids_answer_404(alice, client_of):
    client = client_of(alice)
    assert client.get(reverse("api_run", args=[uuid.uuid4()])).status_code == 404
    assert client.get(reverse("api_questions", args=[uuid.uuid4()])).status_code == 404


def test_starting_analyses_is_throttled(queued_run, alice, client_of, monkeypatch):
    from analysis.api.throttles import RunStartThrottle

    monkeypatch.setattr(RunStartThrottle, "rate", "2/hour")
    client, url = client_of(alice), reverse("api_interview_runs", args=[queued_run.recording.interview_id])
    assert [send(client, "post", url).status_code for _ in range(3)] == [409, 409, 429]
