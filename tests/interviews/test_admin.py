"""Administrators of the installation look at rows, and never at what opens a room."""

import pytest
from django.contrib import admin

from interviews.break_glass import SESSION_KEY
from interviews.models import AuditEntry, Invitation, User
from interviews.selectors.audit import audit_problems


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_every_page_of_a_row_can_be_built(model, rf):
    request = rf.get("/admin/")
    request.user = User(is_staff=True, is_superuser=True, is_active=True)
    request.session = {SESSION_KEY: float("inf")}
    options = admin.site._registry[model]
    assert options.get_form(request, model()) is not None
    for formset, inline in options.get_formsets_with_inlines(request, model()):
        assert formset.model is inline.model


def test_a_room_is_shown_with_its_answers_and_without_its_secret(room, candidate, client_of):
    candidate.agree()
    browser = client_of(User.objects.create_superuser("root@candor.example", "correct horse battery"))
    reason = {"reason": "A candidate asks what they agreed to.", "password": "correct horse battery"}
    browser.post("/admin/people/", reason)
    assert browser.get("/admin/interviews/room/").status_code == 200
    page = browser.get(f"/admin/interviews/room/{room.pk}/change/").content.decode()
    assert Invitation.objects.get().token_sha256 not in page
    assert browser.get("/admin/interviews/room/add/").status_code == 403
    page = browser.get(f"/admin/interviews/interview/{room.interview_id}/change/").content.decode()
    assert "I agree that Northwind records" in page
    assert browser.get("/admin/interviews/consentevent/").status_code == 200


@pytest.fixture
def root(db, client_of):
    return client_of(User.objects.create_superuser("root@candor.example", "correct horse battery"))


def members_form(organization, user, **fields):
    row = {"user": user.pk, "organization": organization.pk, "role": "administrator"}
    return {
        "name": organization.name,
        "slug": organization.slug,
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        **{f"memberships-0-{name}": value for name, value in row.items()},
        **fields,
    }


def test_what_is_changed_in_the_administration_is_in_the_organizations_log(root, northwind, bob):
    page = f"/admin/interviews/organization/{northwind.pk}/change/"
    assert root.post(page, members_form(northwind, bob, jurisdiction="eu")).status_code == 302
    entries = AuditEntry.objects.filter(organization=northwind.pk).order_by("number")
    joined, changed = (entry for entry in entries if "in the administration" in entry.details.get("change", ""))
    assert (joined.action, joined.details["member"]) == ("access_changed", str(bob.pk))
    assert changed.details["fields"] == ["Correct facial expressions for conversation"], "without what is in them"
    northwind.refresh_from_db()
    assert northwind.jurisdiction == "elsewhere", "policy is changed on its own page alone, where it has a reason"
    assert list(audit_problems()) == []


def test_a_password_that_is_set_in_the_administration_is_in_the_log(root, alice):
    words = {"password1": "rain on a tin roof", "password2": "rain on a tin roof", "usable_password": "true"}
    assert root.post(f"/admin/interviews/user/{alice.pk}/password/", words).status_code == 302
    entry = AuditEntry.objects.get(action="account_changed")
    assert (entry.details["row"], "rain" in str(entry.details)) == (str(alice.pk), False)


def test_the_administration_of_accounts_asks_for_the_password_again(root, alice):
    session = root.session
    session["password_at"] = 0
    session.save()
    for page in ("user/", "user/add/", f"user/{alice.pk}/change/", f"user/{alice.pk}/password/", "organization/"):
        assert root.post(f"/admin/interviews/{page}").headers["Location"].startswith("/login/again/"), page
