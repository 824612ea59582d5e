"""Links that let one candidate into one room."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from interviews.errors import Refusal
from interviews.models import AuditEntry, Invitation, Room, User
from interviews.selectors.rooms import key_sha256
from interviews.services.audit import audit_append
from interviews.services.mailing import mail_send
from interviews.services.rooms.announcing import room_announce

TOKEN_BYTES: Final = 32
ASKS_FOR: Final = timedelta(minutes=5)
"""How long another device asks before a third one may."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A new invitation with its token, which is known only now: the row keeps its hash."""

    invitation: Invitation
    token: str


def invitation_create(*, room: Room, by: User) -> Issued:
    """Create a link into the room; the one before stops working.

    Raises :class:`Refusal` when the interview is over.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = timezone.now()
    with transaction.atomic():
        locked = Room.objects.select_for_update(of=("self",)).get(pk=room.pk)
        if not locked.is_running:
            raise Refusal("room_ended", "This interview has ended, so nobody can be invited to it any more.")
        locked.invitations.filter(revoked_at=None).update(revoked_at=now)
        invitation = Invitation.objects.create(
            room=room,
            token_sha256=hashlib.sha256(token.encode()).hexdigest(),
            expires_at=now + timedelta(days=settings.INVITATION_DAYS),
            created_by=by,
        )
        room_announce(room_id=room.pk, what="candidate_removed")  # as after a revocation
        action = AuditEntry.Action.INVITATION_CHANGED
        audit_append(action=action, by=by, interview=room.interview, change="made", invitation=invitation.pk)
    return Issued(invitation, token)


def invitation_mail(*, invitation: Invitation, url: str) -> bool:
    """Send the link to the candidate; returns whether a mail server took it."""
    room = Room.objects.select_related("interview__candidate", "interview__organization", "host").get(
        pk=invitation.room_id
    )
    context = {"room": room, "interview": room.interview, "invitation": invitation, "url": url}
    return mail_send(
        to=room.interview.candidate.email,
        subject=f"Your interview with {room.interview.organization}",
        message=render_to_string("interviews/room/invitation_email.txt", context),
    )


@transaction.atomic
def invitation_revoke(*, room: Room, by: User) -> None:
    """The link stops working, also for a candidate who has used it; asking twice is fine.

    Raises :class:`Refusal` after the end: the link is the candidate's way to their own page then.
    """
    if not room.is_running:
        raise Refusal(
            "room_ended", "This interview has ended. The candidate's link now leads to their own page, and stays."
        )
    if room.invitations.filter(revoked_at=None).update(revoked_at=timezone.now()):
        room_announce(room_id=room.pk, what="candidate_removed")  # the sockets ask at once whether they may stay
        action = AuditEntry.Action.INVITATION_CHANGED
        audit_append(action=action, by=by, interview=room.interview, change="withdrawn")


def invitation_use(*, invitation: Invitation, key: str, browser: str) -> bool:
    """The candidate pressed the button in a browser with this ``key``; whether it is let in.

    The first browser is, and stays so. Another one asks the host, who sees that it is a ``browser`` such as "Firefox on
    Linux"; asking again is fine.
    """
    now, sha256 = timezone.now(), key_sha256(key)
    first = Invitation.objects.filter(pk=invitation.pk, browser_sha256="")
    if first.update(browser_sha256=sha256, first_used_at=now):
        return True
    if Invitation.objects.filter(pk=invitation.pk, browser_sha256=sha256).exists():
        return True
    # A device that waits is not replaced by a third one while the host reads which it is.
    may_ask = Q(asking_sha256__in=("", sha256)) | Q(asking_at__lt=now - ASKS_FOR)
    asking = Invitation.objects.filter(may_ask, pk=invitation.pk)
    if asking.update(asking_sha256=sha256, asking_browser=browser, asking_at=now):
        room_announce(room_id=invitation.room_id, what="invitation")
    return False


@transaction.atomic
def invitation_device_answer(*, room: Room, by: User, admit: bool) -> None:
    """The host lets the browser in that asks, in place of the one before, or sends it away; asking twice is fine."""
    invitation = room.invitations.select_for_update().filter(revoked_at=None).exclude(asking_sha256="").first()
    if invitation is None:
        return
    if admit:
        invitation.browser_sha256 = invitation.asking_sha256
    invitation.asking_sha256 = invitation.asking_browser = ""
    invitation.asking_at = None
    invitation.save()
    room_announce(room_id=room.pk, what="candidate_removed" if admit else "room")
    room_announce(room_id=room.pk, what="invitation")
    change = "another device let in" if admit else "another device sent away"
    action = AuditEntry.Action.INVITATION_CHANGED
    audit_append(action=action, by=by, interview=room.interview, change=change, invitation=invitation.pk)
