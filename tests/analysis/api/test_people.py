"""The API of the people in view: whom a report shows, their pictures, and the choice of another one."""

import pytest
from django.urls import reverse

from analysis.models import AnalysisRun
from tests.factories.requests import send


@pytest.fixture
def client(alice, client_of):
    return client_of(alice)


def read_again(client, run, body=None):
    return send(client, "post", reverse("api_interview_runs", args=[run.recording.interview_id]), body or {})


def test_a_report_shows_whom_it_read_and_who_else_was_in_view(succeeded_run, client):
    people = client.get(reverse("api_run_report", args=[succeeded_run.pk])).json()["people"]
    assert [(person["number"], person["kind"], person["is_candidate"]) for person in people] == [
        (1, "person", True),
        (2, "person", False),
        (3, "still_picture", False),
    ]
    assert people[1]["box"] == [0.7, 0.1, 0.9, 0.5]
    assert not any("picture" in person for person in people)


def test_each_of_them_has_a_picture_for_the_organization_alone(succeeded_run, client, bob, client_of):
    answer = client.get(reverse("run_person_picture", args=[succeeded_run.pk, 2]))
    assert (answer.content, answer["Content-Type"]) == (b"\xff\xd8 face 2", "image/jpeg")
    assert "private" in answer["Cache-Control"]
    assert client.get(reverse("run_person_picture", args=[succeeded_run.pk, 9])).status_code == 404
    assert client_of(bob).get(reverse("run_person_picture", args=[succeeded_run.pk, 2])).status_code == 404


def test_another_person_is_read_by_a_new_run_of_the_stored_recording(succeeded_run, client):
    person = {"second": 3.5, "box": [0.7, 0.1, 0.9, 0.5]}
    assert read_again(client, succeeded_run, {"person": person}).status_code == 201
    run = AnalysisRun.objects.latest("created_at")
    assert run.recording == succeeded_run.recording
    assert run.options["person"] == person
    assert "person" not in succeeded_run.options


@pytest.mark.parametrize(("body", "kept"), [({}, True), ({"person": None}, False)])
def test_a_choice_is_kept_until_it_is_taken_back(succeeded_run, client, body, kept):
    person = {"second": 3.5, "box": [0.7, 0.1, 0.9, 0.5]}
    AnalysisRun.objects.filter(pk=succeeded_run.pk).update(options={**succeeded_run.options, "person": person})
    assert read_again(client, succeeded_run, body).status_code == 201
    assert AnalysisRun.objects.latest("created_at").options.get("person") == (person if kept else None)


@pytest.mark.parametrize(
    "person",
    [
        {"second": -1.0, "box": [0.1, 0.1, 0.2, 0.2]},
        {"second": 1.0},
        {"second": 1.0, "box": [0.1, 0.1, 0.2]},
        {"second": 1.0, "box": [0.3, 0.1, 0.2, 0.2]},
        {"second": 1.0, "box": [0.1, 0.1, 0.2, 900]},
        "the woman",
    ],
)
def test_a_choice_that_is_none_is_refused(succeeded_run, client, person):
    assert read_again(client, succeeded_run, {"person": person}).status_code == 400
    assert AnalysisRun.objects.count() == 1
