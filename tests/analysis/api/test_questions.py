"""Question marks over HTTP: each change recomputes the metrics, and no input breaks it."""

import json
import math

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.models import MetricResult
from interviews.models import Interview, Question
from interviews.services import question_add
from tests.factories.requests import send

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=5,
)
MARK = st.fixed_dictionaries({}, optional={"at_s": JSON | st.floats(-1.0, 21.0), "text": JSON | st.text(max_size=600)})


@pytest.fixture
def marked(succeeded_run, alice):
    """The run, and a question mark of its interview."""
    question = question_add(interview=succeeded_run.recording.interview, by=alice, at_s=3.0, text="Why?")
    return succeeded_run, question


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


def test_a_row_that_goes_while_it_is_written_to_is_404(alice, client_of, interview, monkeypatch):
    def gone(**fields):
        raise Interview.DoesNotExist

    monkeypatch.setattr("analysis.api.questions.question_add", gone)
    answer = send(client_of(alice), "post", reverse("api_questions", args=[interview.pk]), {"at_s": 1.0})
    assert answer.status_code == 404
