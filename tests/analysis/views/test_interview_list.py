"""The list of interviews: who sees which, and how it is filtered."""

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews import paging
from interviews.models import Interview
from tests.factories.runs import make_run

LIST = "/interviews/"


def test_the_list_asks_strangers_to_log_in(client):
    assert client.get(LIST).headers["Location"] == f"/login/?next={LIST}"


def test_the_list_shows_the_own_organization_only(client_of, alice, bob, make_interview):
    make_interview(alice, candidate_name="Dana Diaz")
    make_interview(bob, candidate_name="Evan Ellis")
    page = client_of(alice).get(LIST).content.decode()
    assert "Dana Diaz" in page
    assert "Evan Ellis" not in page


def test_an_empty_list_says_what_to_do_first(client_of, alice):
    page = client_of(alice).get(LIST).content.decode()
    assert "No interviews yet" in page
    assert reverse("interview_new") in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=dana", {"Dana Diaz"}),
        ("q=nobody", set()),
        ("status=failed", {"Frida Falk"}),
        ("status=succeeded", set()),
        ("from=2000-01-01&to=2000-12-31", {"Frida Falk"}),
        ("q=engineer", {"Dana Diaz", "Frida Falk"}),
    ],
)
def test_filters_narrow_the_list(client_of, alice, make_interview, query, found):
    make_interview(alice, candidate_name="Dana Diaz")
    old = make_interview(alice, candidate_name="Frida Falk")
    Interview.objects.filter(pk=old.pk).update(
        created_at=timezone.datetime(2000, 6, 1, tzinfo=timezone.get_current_timezone())
    )
    make_run(old, "failed")
    page = client_of(alice).get(f"{LIST}?{query}").content.decode()
    assert {name for name in ("Dana Diaz", "Frida Falk") if name in page} == found


def test_filters_offer_positions_and_owners_of_the_own_organization_only(client_of, alice, bob, make_interview):
    make_interview(alice, position="Data Engineer")
    make_interview(bob, position="Secret Position")
    page = client_of(alice).get(LIST).content.decode()
    assert "Data Engineer" in page
    assert "Secret Position" not in page
    assert "Bob Baker" not in page


def test_an_impossible_filter_is_named_and_shows_the_list_all_the_same(client_of, alice, interview):
    page = client_of(alice).get(f"{LIST}?from=yesterday&status=nonsense&owner=x").content.decode()
    assert "Enter a valid date" in page
    assert "Dana Diaz" in page


def test_the_list_has_pages_that_keep_the_filters(client_of, alice, make_interview):
    for number in range(52):
        make_interview(alice, candidate_name=f"Nr{number} Same")
    client = client_of(alice)
    first = client.get(f"{LIST}?q=same").content.decode()
    assert "1–50 of 52" in first
    assert 'href="?q=same&amp;page=2"' in first
    assert "51–52 of 52" in client.get(f"{LIST}?q=same&page=2").content.decode()


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        (LIST, 16),
        (f"{LIST}?q=same&status=succeeded&sort=candidate", 17),
        ("/api/v1/interviews/?status=succeeded", 8),
        (f"{LIST}export.csv", 18),
    ],
)
def test_the_list_asks_the_database_as_often_however_long_it_is(
    client_of, alice, make_interview, django_assert_num_queries, address, queries
):
    client = client_of(alice)
    client.get(LIST)  # the first one stores what is known of the session
    for number in range(8):
        make_run(make_interview(alice, candidate_name=f"Nr{number} Same"))
        if number in (1, 7):
            with django_assert_num_queries(queries):
                list(client.get(address))


def test_a_list_of_very_many_is_not_counted_to_its_end(client_of, alice, make_interview, monkeypatch):
    monkeypatch.setattr(paging, "MOST", 2)
    for number in range(3):
        make_interview(alice, candidate_name=f"Nr{number} Same")
    page = client_of(alice).get(f"{LIST}?sort=oldest").content.decode()
    assert "1–2 of more than 2, oldest first" in " ".join(page.split())
    assert "Nr0 Same" in page
    assert "Nr2 Same" not in page, "it is found by a search or another order"
    assert "more than" not in client_of(alice).get(f"{LIST}?q=nr2").content.decode()


def test_the_list_is_sorted_by_a_column_and_says_so(client_of, alice, make_interview):
    for name in ("ben b", "Ada A", "Cem C"):
        make_interview(alice, candidate_name=name)
    page = client_of(alice).get(f"{LIST}?q=mail&sort=candidate&page=1").content.decode()
    assert page.index("Ada A") < page.index("ben b") < page.index("Cem C")
    assert page.count("aria-sort=") == 1
    assert 'href="?q=mail&amp;sort=owner"' in page
    assert "by candidate" in page


def test_live_interviews_without_a_recording_are_found_by_their_state(client_of, alice, make_room, interview):
    make_room(candidate_name="Wanda Wait")
    browser = client_of(alice)
    assert "Wanda Wait" in browser.get(f"{LIST}?status=waiting").content.decode()
    assert "Wanda Wait" not in browser.get(f"{LIST}?status=live").content.decode()
    assert interview.candidate.name not in browser.get(f"{LIST}?status=waiting").content.decode()


def test_the_list_shows_coverage_and_no_metric(client_of, alice, interview, reported):
    page = client_of(alice).get(LIST).content.decode()
    assert "90\xa0%" in page
    assert "Report ready" in page
    assert "0.81" not in page


def test_the_list_says_whether_it_will_change_by_itself(client_of, alice, interview):
    browser = client_of(alice)
    assert 'data-moving="no"' in browser.get(reverse("interview_list")).content.decode()
    make_run(interview, "running")
    assert 'data-moving="yes"' in browser.get(reverse("interview_list")).content.decode()
