"""The filters of the list of interviews, for the API and as a form."""

from datetime import UTC, datetime

import pytest
from django.test import RequestFactory

from analysis.filters import InterviewFilter, InterviewFilterForm
from analysis.services import run_request
from interviews.models import Interview
from interviews.selectors import interviews_visible


@pytest.fixture
def interviews(alice, carol, bob, make_interview):
    """Dana's, analysed; Eve's of the year 2000, not analysed; and one of another organization."""
    dana = make_interview(alice, candidate_name="Dana Diaz")
    run_request(recording=dana.recordings.get(), by=alice)
    eve = make_interview(carol, candidate_name="Eve Ekman", position="Nurse")
    Interview.objects.filter(pk=eve.pk).update(created_at=datetime(2000, 6, 1, 12, tzinfo=UTC))
    make_interview(bob, candidate_name="Finn Falk", position="Secret Position")
    return {"dana": dana, "eve": eve}


@pytest.fixture
def filtered(alice, interviews):
    def narrow(filters, **query):
        request = RequestFactory().get("/", query)
        request.user = alice
        return filters(request.GET, queryset=interviews_visible(user=alice), request=request)

    return narrow


@pytest.mark.parametrize("filters", [InterviewFilter, InterviewFilterForm])
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Dana Diaz", "Eve Ekman"]),
        ({"q": "dana@mail"}, ["Dana Diaz"]),
        ({"q": "EKM nur"}, ["Eve Ekman"]),
        ({"q": "ekm engineer"}, []),
        ({"q": "d_na"}, []),
        ({"q": "%"}, []),
        ({"q": "\\"}, []),
        ({"status": "queued"}, ["Dana Diaz"]),
        ({"status": "failed"}, []),
        ({"status": "waiting"}, []),
        ({"sort": "oldest"}, ["Eve Ekman", "Dana Diaz"]),
        ({"sort": "candidate"}, ["Dana Diaz", "Eve Ekman"]),
        ({"sort": "position"}, ["Dana Diaz", "Eve Ekman"]),
        ({"sort": "owner"}, ["Dana Diaz", "Eve Ekman"]),
        ({"from": "2000-06-01", "to": "2000-06-01"}, ["Eve Ekman"]),
        ({"from": "2000-06-02"}, ["Dana Diaz"]),
        ({"to": "2000-05-31"}, []),
    ],
)
def test_each_parameter_narrows_the_list(filtered, filters, query, names):
    assert [interview.candidate.name for interview in filtered(filters, **query).qs] == names


@pytest.mark.parametrize("filters", [InterviewFilter, InterviewFilterForm])
def test_positions_and_owners_are_chosen_by_their_id(filtered, interviews, filters):
    dana, eve = interviews["dana"], interviews["eve"]
    assert [row.pk for row in filtered(filters, position=str(eve.position_id)).qs] == [eve.pk]
    assert [row.pk for row in filtered(filters, owner=str(dana.owner_id)).qs] == [dana.pk]


@pytest.mark.parametrize(
    ("query", "field"),
    [({"from": "tomorrow"}, "from"), ({"to": "31/12/2026"}, "to"), ({"q": "a " * 150}, "q"), ({"owner": "x"}, "owner")],
)
def test_what_is_no_value_of_a_parameter_is_named_at_it(filtered, query, field):
    assert list(filtered(InterviewFilter, **query).errors) == [field]


def test_the_api_finds_nothing_for_what_nobody_has(filtered):
    unknown = {"status": "nonsense", "position": "00000000-0000-4000-8000-000000000000"}
    filters = filtered(InterviewFilter, **unknown)
    assert filters.is_valid()
    assert not filters.qs.exists()


def test_the_form_names_what_cannot_be_chosen_and_leaves_it_open(filtered):
    filters = filtered(InterviewFilterForm, status="nonsense", position="00000000-0000-4000-8000-000000000000")
    assert filters.qs.count() == 2
    assert set(filters.errors) == {"status", "position"}
    assert not filters.is_narrowing


def test_the_form_offers_what_belongs_to_the_own_organization(filtered):
    form = str(filtered(InterviewFilterForm).form)
    assert all(offered in form for offered in ("Nurse", "Data Engineer", "Carol Cooper", "Report ready"))
    assert "Secret Position" not in form
    assert "Bob Baker" not in form


def test_the_form_tells_whether_anything_is_filtered(filtered):
    assert filtered(InterviewFilterForm, status="queued").is_narrowing
    assert not filtered(InterviewFilterForm, q="").is_narrowing
