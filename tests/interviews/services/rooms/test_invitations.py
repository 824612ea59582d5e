"""Links that let one candidate into one room, and whom they do not let in."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from interviews.models import Invitation
from interviews.selectors import candidate_room
from interviews.services import rooms as services


def test_only_the_hash_of_the_token_is_stored(room, alice):
    issued = services.invitation_create(room=room, by=alice)
    assert len(issued.token) >= 43  # 32 random bytes
    row = Invitation.objects.filter(pk=issued.invitation.pk).values().get()
    assert issued.token not in str(row)


def test_the_button_lets_this_browser_in_and_the_link_leaves_the_address_bar(room, invited):
    browser = Client(headers={"user-agent": "Firefox/140.0 Linux"})
    page = browser.get(invited)
    assert page.status_code == 200
    assert room.invitations.get().first_used_at is None, "programs that scan mail look, too"
    assert browser.get(f"/join/room/{room.pk}/").status_code == 404
    answer = browser.post(invited)
    assert answer.url == f"/join/room/{room.pk}/"
    assert browser.get(answer.url).status_code == 200
    assert room.invitations.get().first_used_at is not None
    assert browser.get(invited).url == answer.url, "the link may be used again"


def test_another_device_gets_in_only_by_the_hosts_word_and_the_first_is_then_out(room, host, candidate, invited):
    other = Client(headers={"user-agent": "Mozilla/5.0 (Android 15) Firefox/140.0"})
    other.post(invited)
    assert other.get(f"/join/room/{room.pk}/").status_code == 404
    assert other.get(f"/api/v1/join/{room.pk}/").status_code == 404
    assert candidate.get().status_code == 200, "nobody is thrown out by asking"
    assert host.get().json()["invitation"]["asking"]["browser"] == "Firefox on Android"
    third = Client()
    third.post(invited)
    assert host.get().json()["invitation"]["asking"]["browser"] == "Firefox on Android", "a third one does not slip in"
    assert host.post("device/").status_code == 204
    assert other.get(invited).url == f"/join/room/{room.pk}/"
    assert other.get(f"/api/v1/join/{room.pk}/").status_code == 200
    assert candidate.get().status_code == 404
    assert host.get().json()["invitation"]["asking"] is None


def test_a_device_that_is_sent_away_stays_out(room, host, candidate, invited):
    other = Client()
    other.post(invited)
    assert host.delete("device/").status_code == 204
    assert "is not the one that was let in" in other.get(invited).content.decode()
    assert other.get(f"/api/v1/join/{room.pk}/").status_code == 404
    assert candidate.get().status_code == 200


def test_colleagues_do_not_become_the_candidate_nor_answer_for_the_host(room, carol, alice, client_of, invited):
    for person in (alice, carol):
        answer = client_of(person).post(invited)
        assert answer.status_code == 403
        assert "logged in as a member" in answer.content.decode()
    assert client_of(carol).post(f"/api/v1/rooms/{room.pk}/device/").status_code == 403
    assert room.invitations.get().browser_sha256 == ""


def test_without_the_link_nobody_gets_in(room, invited, db):
    stranger = Client()
    assert stranger.get(f"/join/room/{room.pk}/").status_code == 404
    assert stranger.get(f"/api/v1/join/{room.pk}/").status_code == 404
    page = stranger.get("/join/not-a-token/")
    assert page.status_code == 404
    assert "not valid" in page.content.decode()


def test_a_grant_opens_its_own_room_alone(candidate, make_room):
    other = make_room(candidate_name="Eve Egan", candidate_email="eve@mail.example")
    assert candidate.client.get(f"/api/v1/join/{other.pk}/").status_code == 404
    assert candidate_room(session=candidate.client.session, room_id=other.pk) is None


def test_a_new_link_ends_the_one_before(room, host, candidate, invited):
    issued = host.post("invitation/")
    assert issued.status_code == 201
    assert candidate.get().status_code == 404
    page = Client().get(invited)
    assert page.status_code == 410
    assert "withdrawn" in page.content.decode()
    assert Client().post(issued.json()["url"]).status_code == 302
    assert room.invitations.filter(revoked_at=None).count() == 1


def test_a_revoked_link_ends_the_grants_it_gave(host, candidate, invited):
    assert candidate.get().status_code == 200
    assert host.delete("invitation/").status_code == 204
    assert candidate.get().status_code == 404
    assert host.delete("invitation/").status_code == 204
    assert host.get().json()["invitation"] is None


def test_an_expired_link_says_so(room, invited):
    room.invitations.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = Client().get(invited)
    assert page.status_code == 410
    assert "expired" in page.content.decode()


def test_a_grant_that_was_used_does_not_expire_under_a_running_interview(room, alice, candidate):
    services.room_open(room=room, by=alice)
    room.invitations.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert candidate.get().status_code == 200


def test_a_grant_expires_while_the_interview_has_not_begun(room, candidate):
    room.invitations.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert candidate.get().status_code == 404


def test_after_the_end_the_link_leads_to_the_own_page_and_nobody_is_invited(room, alice, host, invited):
    services.room_end(room=room, by=alice)
    page = Client().get(invited)
    assert (page.status_code, page["Location"]) == (302, invited.replace("/join/", "/own/"))
    assert host.delete("invitation/").json()["code"] == "room_ended", "it stays the way to the own page"
    assert Client().get(page["Location"]).status_code == 200
    answer = host.post("invitation/")
    assert (answer.status_code, answer.json()["code"]) == (409, "room_ended")


def test_a_mail_that_only_the_console_sees_was_not_sent(host, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert host.post("invitation/").json()["mailed"] is False
