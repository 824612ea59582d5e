"""The API of analyses: who may do what, what it answers, and that no input breaks it."""

import json
import math
import uuid

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.models import AnalysisRun, MetricResult
from interviews.models import Question
from interviews.services import question_add

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
    ]


def send(client: Client, method: str, url: str, data: object = None):
    content = {} if method == "get" else {"data": json.dumps(data or {}), "content_type": "application/json"}
    return getattr(client, method)(url, **content)


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


def test_colleagues_work_on_the_same_interview(marked, carol, client_of):
    run, question = marked
    url = reverse("api_question", args=[run.recording.interview_id, question.pk])
    assert send(client_of(carol), "patch", url, {"text": "Why us?"}).status_code == 200
    assert Question.objects.get().text == "Why us?"


def test_a_question_of_another_interview_is_not_reached_through_this_one(marked, alice, make_interview, client_of):
    other = make_interview(alice)
    url = reverse("api_question", args=[other.pk, marked[1].pk])
    assert send(client_of(alice), "delete", url).status_code == 404


def test_questions_are_marked_moved_and_removed_and_the_metrics_follow(succeeded_run, alice, client_of):
    client, interview = client_of(alice), succeeded_run.recording.interview
    url = reverse("api_questions", args=[interview.pk])
    added = send(client, "post", url, {"at_s": 9.0, "text": "  Why\n us? "})
    assert added.status_code == 201
    question = added.json()["questions"][0]
    assert (question["at_s"], question["text"]) == (9.0, "Why us?")
    assert added.json()["metrics"]["deep_thinking"]["value"] == pytest.approx(4 / 10.5, abs=1e-4)
    assert list(added.json()["metrics"]) == ["attentiveness", "deep_thinking", "confidence", "potential_lie"]

    one = reverse("api_question", args=[interview.pk, question["id"]])
    moved = send(client, "patch", one, {"at_s": 12.0})
    assert moved.json()["questions"] == [{**question, "at_s": 12.0}]
    assert moved.json()["metrics"]["deep_thinking"]["value"] == 0.0

    assert client.get(url).json() == {"questions": [{**question, "at_s": 12.0}]}
    removed = send(client, "delete", one)
    assert (removed.status_code, removed.json()["questions"]) == (200, [])
    assert removed.json()["metrics"]["deep_thinking"]["value"] is None
    report = client.get(reverse("api_run_report", args=[succeeded_run.pk])).json()
    assert report["metrics"] == removed.json()["metrics"]


def test_questions_can_be_marked_before_there_is_a_report(queued_run, alice, client_of):
    url = reverse("api_questions", args=[queued_run.recording.interview_id])
    answer = send(client_of(alice), "post", url, {"at_s": 1.5})
    assert answer.status_code == 201
    assert answer.json()["metrics"] == {}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "at_s"),
        ({"at_s": None}, "at_s"),
        ({"at_s": -0.1}, "at_s"),
        ({"at_s": 20.1}, "at_s"),
        ({"at_s": "nan"}, "at_s"),
        ({"at_s": "inf"}, "at_s"),
        ({"at_s": "soon"}, "at_s"),
        ({"at_s": 10**400}, "at_s"),
        ({"at_s": [1]}, "at_s"),
        ({"at_s": 1.0, "text": "x" * 501}, "text"),
        ({"at_s": 1.0, "text": {"a": 1}}, "text"),
        ({"at_s": 1.0, "text": "a\0b"}, "text"),
    ],
)
def test_a_bad_mark_is_refused_with_a_sentence(succeeded_run, alice, client_of, data, field):
    url = reverse("api_questions", args=[succeeded_run.recording.interview_id])
    answer = send(client_of(alice), "post", url, data)
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert answer.json()[field][0].endswith(".")
    assert not Question.objects.exists()


def test_a_bare_nan_is_not_json(succeeded_run, alice, client_of):
    url = reverse("api_questions", args=[succeeded_run.recording.interview_id])
    answer = client_of(alice).post(url, data='{"at_s": NaN}', content_type="application/json")
    assert answer.status_code == 400


def test_an_interview_holds_two_hundred_marks(queued_run, alice, client_of):
    interview = queued_run.recording.interview
    Question.objects.bulk_create(Question(interview=interview, at_s=1.0, created_by=alice) for _ in range(200))
    answer = send(client_of(alice), "post", reverse("api_questions", args=[interview.pk]), {"at_s": 2.0})
    assert answer.status_code == 400
    assert "at most 200" in answer.json()["at_s"][0]


def test_unreadable_timelines_refuse_the_mark_and_keep_every_number(succeeded_run, alice, client_of):
    with default_storage.open(succeeded_run.timeline_file.name, "wb") as file:
        file.write(b"damaged")
    before = list(MetricResult.objects.order_by("metric").values("metric", "value"))
    client, interview = client_of(alice), succeeded_run.recording.interview_id
    answer = send(client, "post", reverse("api_questions", args=[interview]), {"at_s": 9.0})
    assert answer.status_code == 409
    assert answer.json()["code"] == "timelines_unreadable"
    assert "Analyse the recording again" in answer.json()["detail"]
    assert not Question.objects.exists()
    assert list(MetricResult.objects.order_by("metric").values("metric", "value")) == before
    lanes = client.get(reverse("api_run_timelines", args=[succeeded_run.pk]))
    assert (lanes.status_code, lanes.json()["code"]) == (409, "timelines_unreadable")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=5,
)
MARK = st.fixed_dictionaries({}, optional={"at_s": JSON | st.floats(-1.0, 21.0), "text": JSON | st.text(max_size=600)})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=MARK | JSON)
def test_no_body_breaks_the_questions_endpoint(succeeded_run, alice, client_of, data):
    client = client_of(alice)
    url = reverse("api_questions", args=[succeeded_run.recording.interview_id])
    answer = client.post(url, data=json.dumps(data), content_type="application/json")
    assert answer.status_code in (201, 400)
    if answer.status_code == 201:
        for question in answer.json()["questions"]:
            assert 0.0 <= question["at_s"] <= 20.0
            assert len(question["text"]) <= 500
        for metric in answer.json()["metrics"].values():
            assert metric["value"] is None or (math.isfinite(metric["value"]) and 0.0 <= metric["value"] <= 1.0)
        Question.objects.all().delete()
    else:
        assert answer.json()


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
