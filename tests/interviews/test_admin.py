"""Administrators look at rooms and never at what opens them."""

from interviews.models import Invitation, User


def test_a_room_is_shown_with_its_answers_and_without_its_secret(room, candidate, client_of):
    candidate.agree()
    browser = client_of(User.objects.create_superuser("root@candor.example", "correct horse battery"))
    assert browser.get("/admin/interviews/room/").status_code == 200
    page = browser.get(f"/admin/interviews/room/{room.pk}/change/").content.decode()
    assert "I agree that Northwind records" in page
    assert Invitation.objects.get().token_sha256 not in page
    assert browser.get("/admin/interviews/room/add/").status_code == 403
    assert browser.get("/admin/interviews/consent/").status_code == 200
