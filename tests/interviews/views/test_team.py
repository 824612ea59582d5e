"""The team page, people who join and leave, the first page of an installation, and access to an interview."""

import re

import pytest
from django.core import mail
from django.test import Client

from interviews.models import AuditEntry, Interview, MemberInvitation, Membership, Organization, User
from interviews.services.accounts import first_run_token
from tests.conftest import PASSWORD


@pytest.fixture
def browser(client_of, carol):
    return client_of(carol)


def invite(browser, email="new@northwind.example", role="reviewer") -> str:
    assert browser.post("/team/", {"email": email, "role": role}).status_code == 302
    return re.search(r"http://testserver(/welcome/\S+/)", mail.outbox[-1].body)[1]


def change(browser, user, do, **fields):
    membership = Membership.objects.get(user=user)
    return browser.post(f"/team/members/{membership.pk}/", {"do": do, **fields}, follow=True).content.decode()


def test_the_page_is_for_the_organizations_administrator(client_of, alice, bob, carol):
    for person in (alice, bob):
        browser = client_of(person)
        assert browser.get("/team/").status_code == 404
        membership = Membership.objects.get(user=carol)
        assert browser.post(f"/team/members/{membership.pk}/", {"do": "remove"}).status_code == 404
    assert Client().get("/team/").status_code == 302


def test_another_organizations_members_are_out_of_reach(browser, bob):
    membership = Membership.objects.get(user=bob)
    assert browser.post(f"/team/members/{membership.pk}/", {"do": "remove"}).status_code == 404
    assert Membership.objects.filter(user=bob).exists()


def test_somebody_is_invited_and_joins_with_a_new_account(browser, northwind):
    link = invite(browser)
    new = Client()
    assert new.get(link).status_code == 200
    assert not User.objects.filter(email="new@northwind.example").exists(), "looking changes nothing"
    short = new.post(link, {"full_name": "New Person", "password": "short"})
    assert "too short" in short.content.decode()
    assert new.post(link, {"full_name": "New Person", "password": "a rather long phrase"}).status_code == 302
    assert Membership.objects.get(user__email="new@northwind.example").role == "reviewer"
    assert new.get("/interviews/").status_code == 200
    assert Client().get(link).status_code == 410, "it works once"


def test_an_account_joins_with_its_own_invitation_only(browser, bob, alice, client_of, northwind):
    link = invite(browser, bob.email, "recruiter")
    assert "Log in" in Client().get(link).content.decode()
    assert "This invitation is for" in client_of(alice).post(link).content.decode()
    assert client_of(bob).post(link).status_code == 302
    assert northwind.memberships.filter(user=bob).exists()


def test_a_newer_or_withdrawn_invitation_ends_the_one_before(browser):
    first, second = invite(browser), invite(browser)
    assert Client().get(first).status_code == 410
    invitation = MemberInvitation.objects.get(revoked_at=None)
    browser.post(f"/team/invitations/{invitation.pk}/withdraw/")
    assert Client().get(second).status_code == 410


def test_the_last_administrator_stays(browser, carol, alice):
    for do, fields in (("role", {"role": "recruiter"}), ("close", {}), ("remove", {})):
        assert "last administrator" in change(browser, carol, do, **fields)
    change(browser, alice, "role", role="administrator")
    change(browser, carol, "role", role="recruiter")
    assert Membership.objects.get(user=carol).role == "recruiter"


def test_who_leaves_hands_over_first(browser, alice, carol, interview):
    assert "Hand them over first" in change(browser, alice, "remove")
    change(browser, alice, "hand_over", to=str(Membership.objects.get(user=carol).pk))
    assert Interview.objects.get().owner == carol
    change(browser, alice, "remove")
    assert not alice.memberships.exists()
    changes = [
        entry.details["change"] for entry in AuditEntry.objects.filter(action="access_changed").order_by("number")
    ]
    assert changes == ["interviews handed over", "removed"]


def test_a_closed_account_is_out_at_once(browser, alice, client_of):
    hers = client_of(alice)
    change(browser, alice, "close")
    assert hers.get("/interviews/").status_code == 302
    assert Client().post("/login/", {"username": alice.email, "password": PASSWORD}).status_code == 200
    change(browser, alice, "open")
    assert Client().post("/login/", {"username": alice.email, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("fields", [{"do": "hand_over", "to": "x"}, {"do": "hand_over"}])
def test_nonsense_is_not_found(browser, alice, fields):
    membership = Membership.objects.get(user=alice)
    assert browser.post(f"/team/members/{membership.pk}/", fields).status_code == 404


def test_an_interview_is_assigned_by_its_owner(client_of, alice, bob, browser, interview):
    link = invite(browser)
    reviewer = Client()
    reviewer.post(link, {"full_name": "New Person", "password": "a rather long phrase"})
    page = f"/interviews/{interview.pk}/"
    assert reviewer.get(page).status_code == 404
    user = User.objects.get(email="new@northwind.example")
    owner = client_of(alice)
    owner.post(f"{page}access/", {"do": "assign", "user": str(user.pk)})
    assert reviewer.get(page).status_code == 200
    assert reviewer.get(f"{page}access/").status_code == 403
    assert client_of(bob).get(f"{page}access/").status_code == 404
    assert owner.post(f"{page}access/", {"do": "assign", "user": str(bob.pk)}).status_code == 404
    assert owner.post(f"{page}access/", {"do": "assign", "user": "x"}).status_code == 404
    owner.post(f"{page}access/", {"do": "unassign", "user": str(user.pk)})
    assert reviewer.get(page).status_code == 404


def test_the_first_page_makes_organization_and_administrator_once(db):
    browser, page = Client(), f"/first-run/{first_run_token()}/"
    assert browser.get("/first-run/guess/").status_code == 404
    assert browser.get(page).status_code == 200
    fields = {"organization": "Acme", "full_name": "Ann Acme", "email": "Ann@acme.example"}
    fields |= {"jurisdiction": "uk", "usual_purpose": "recruitment"}
    assert browser.post(page, {**fields, "password": "annacme"}).status_code == 200
    answer = browser.post(page, {**fields, "password": "a rather long phrase", "test_mail": "on"})
    assert answer["Location"] == "/team/"
    user = User.objects.get()
    assert (user.email, user.is_superuser, user.memberships.get().role) == ("ann@acme.example", True, "administrator")
    made = Organization.objects.get()
    assert (made.name, made.jurisdiction, made.usual_purpose) == ("Acme", "uk", "recruitment")
    assert mail.outbox[0].to == ["ann@acme.example"]
    assert browser.get("/team/").status_code == 200
    assert Client().get(page).status_code == 404
