"""Robustness over HTTP: states, refusals, the page; and the files that have it."""

import json

import pytest
from django.urls import reverse

from analysis.models import Robustness
from analysis.selectors.exports import interview_export
from analysis.services import robustness_execute
from interviews.services.consent import consent_record
from tests.factories.robustness import copies, measured, requested  # noqa: F401  (fixtures)
from tests.factories.runs import make_run


@pytest.fixture
def client(alice, client_of):
    return client_of(alice)


def url(run, name="api_run_robustness"):
    return reverse(name, args=[run.pk])


def test_the_states_of_a_measurement(succeeded_run, client, copies):  # noqa: F811
    answer = client.get(url(succeeded_run)).json()
    assert (answer["status"], answer["can_start"], answer["corruptions"]) == ("none", True, [])
    assert client.post(url(succeeded_run, "api_run_robustness_cancel")).status_code == 404
    started = client.post(url(succeeded_run))
    assert (started.status_code, started.json()["status"], started.json()["can_start"]) == (202, "queued", False)
    assert client.post(url(succeeded_run)).json()["code"] == "robustness_refused"
    cancelled = client.post(url(succeeded_run, "api_run_robustness_cancel")).json()
    assert (cancelled["status"], cancelled["can_start"]) == ("cancelled", True)
    client.post(url(succeeded_run))
    robustness_execute(robustness_id=Robustness.objects.get().pk)
    answer = client.get(url(succeeded_run)).json()
    assert (answer["status"], len(answer["corruptions"])) == ("succeeded", 6)
    assert client.post(url(succeeded_run)).status_code == 409
    assert client.post(url(succeeded_run, "api_run_robustness_cancel")).status_code == 409


def test_it_is_refused_without_a_report_and_without_agreement(interview, succeeded_run, client):
    assert "succeeded" in client.post(url(make_run(interview, "failed"))).json()["detail"]
    consent_record(
        interview=interview, answers={key: (False, "no") for key in ("face", "eyes", "voice")}, how="own_page"
    )
    assert client.post(url(succeeded_run)).status_code in (403, 409)
    assert not Robustness.objects.exists()


def test_who_rates_first_measures_afterwards(succeeded_run, northwind, client):
    northwind.criteria.create(name="Clarity")
    northwind.rate_first = True
    northwind.save()
    assert client.get(url(succeeded_run)).status_code == client.post(url(succeeded_run)).status_code == 403


def test_the_report_shows_it_in_words(succeeded_run, client, measured, interview):  # noqa: F811
    page = client.get(reverse("interview_detail", args=[interview.pk])).content.decode()
    assert "How steady these numbers are" in page
    assert "The whole recording was measured again." in page
    assert page.count("Shifted in level") == 2


def test_exports_have_it_only_once_it_is_measured(succeeded_run, alice, requested, copies):  # noqa: F811
    interview = succeeded_run.recording.interview
    assert interview_export(interview=interview, user=alice)["analysis"]["robustness"] is None
    robustness_execute(robustness_id=requested.pk)
    found = interview_export(interview=interview, user=alice)["analysis"]["robustness"]
    assert json.loads(json.dumps(found))["stretches"] == [[0.0, 20.0]]
    assert found["corruptions"][0]["key"] == "none"
