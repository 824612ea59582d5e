"""What people are told, where they want to be told it, and what keeps no session open."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from interviews.models import Notification, Room
from interviews.services.notes import note_add, note_edit
from interviews.services.notifications import MAIL_TASK, notification_choices_set, notification_mail, notify
from interviews.services.rooms import room_presence_mark

Kind = Notification.Kind


def told():
    return [(row.user.full_name, row.kind) for row in Notification.objects.order_by("created_at")]


def test_those_who_see_the_interview_are_told_once_and_never_of_their_own_doing(interview, alice, carol, bob):
    notify(kind=Kind.REPORT_READY, interview=interview, people=[alice, alice, carol, bob, None], caused_by=carol)
    assert told() == [("Alice Archer", "report_ready")]


def test_a_mention_is_told_when_it_is_new(interview, alice, carol):
    note = note_add(interview=interview, by=alice, text="@Carol Cooper, look. I am @Alice Archer.")
    note_edit(note=note, by=alice, text="@Carol Cooper, look here.")
    assert told() == [("Carol Cooper", "mention")]


def test_mail_goes_to_who_wants_it_with_no_name_and_no_content(
    interview, alice, published, django_capture_on_commit_callbacks, settings
):
    settings.SITE_URL = "https://candor.example"
    nothing = dict.fromkeys(Kind.values, (False, False))
    notification_choices_set(user=alice, choices={**nothing, Kind.REPORT_READY: (False, True)})
    with django_capture_on_commit_callbacks(execute=True):
        for kind in (Kind.REPORT_READY, Kind.REPORT_FAILED):
            notify(kind=kind, interview=interview, people=[alice])
    assert told() == []
    [message] = [args for name, args in published if name == MAIL_TASK]
    notification_mail(user_id=message[0], kind=message[1], interview_id=message[2])
    [sent] = mail.outbox
    assert sent.to == [alice.email]
    assert f"https://candor.example/interviews/{interview.pk}/" in sent.body
    assert "Dana" not in sent.subject + sent.body


@pytest.mark.parametrize(("host_seen", "expected"), [(timedelta(seconds=30), 0), (timedelta(minutes=5), 1)])
def test_a_host_who_is_elsewhere_is_told_once_that_the_candidate_waits(interview, alice, host_seen, expected):
    room = Room.objects.create(interview=interview, host=alice, host_seen_at=timezone.now() - host_seen)
    for _ in range(2):
        room_presence_mark(room_id=room.pk, who="candidate")
    assert told() == [("Alice Archer", "candidate_waiting")] * expected


def test_the_page_lists_notices_and_keeps_choices(interview, alice, client_of):
    notify(kind=Kind.REPORT_FAILED, interview=interview, people=[alice])
    browser = client_of(alice)
    state = browser.get(reverse("notifications_state")).json()
    assert state == {"unread": 1, "sentence": "Dana Diaz: The analysis failed."}
    assert "The analysis failed." in browser.get(reverse("notifications")).content.decode()
    browser.post(reverse("notifications_do"), {"do": "read"})
    assert browser.get(reverse("notifications_state")).json()["unread"] == 0
    browser.post(reverse("notifications_do"), {"do": "choose", "mail-mention": "on"})
    assert alice.notification_choices.get(by_mail=True).kind == "mention"
    assert not alice.notification_choices.filter(on_page=True).exists()


def test_an_open_page_that_asks_by_itself_keeps_no_session_open(alice, client_of):
    browser = client_of(alice)
    browser.get(reverse("notifications_state"))
    assert "seen_at" not in browser.session
    browser.get(reverse("notifications"))
    assert "seen_at" in browser.session
