"""Administrators of the installation look at rows, and never at what opens a room."""

import pytest
from django.contrib import admin

from interviews.break_glass import SESSION_KEY
from interviews.models import Invitation, User


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
