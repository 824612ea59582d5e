"""Links that let one candidate into one room."""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from interviews.errors import Refusal
from interviews.models import AuditEntry, Invitation, Room, User
from interviews.services.audit import audit_append
from interviews.services.rooms.announcing import room_announce

logger = logging.getLogger(__name__)

TOKEN_BYTES: Final = 32


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
        room_announce(room_id=room.pk, what="room")  # as after a revocation
        action = AuditEntry.Action.INVITATION_CHANGED
        audit_append(action=action, by=by, interview=room.interview, change="made", invitation=invitation.pk)
    return Issued(invitation, token)


def invitation_mail(*, invitation: Invitation, url: str) -> bool:
    """Send the link to the candidate; returns whether a mail server took it."""
    room = Room.objects.select_related("interview__candidate", "interview__organization", "host").get(
        pk=invitation.room_id
    )
    context = {"room": room, "interview": room.interview, "invitation": invitation, "url": url}
    try:
        send_mail(
            subject=f"Your interview with {room.interview.organization}",
            message=render_to_string("interviews/room/invitation_email.txt", context),
            from_email=None,
            recipient_list=[room.interview.candidate.email],
        )
    except OSError:  # smtplib's errors and those of the network
        logger.exception("The invitation to room %s could not be mailed", room.pk)
        return False
    return bool(settings.MAIL_REACHES_PEOPLE)


@transaction.atomic
def invitation_revoke(*, room: Room, by: User) -> None:
    """The link stops working, also for a candidate who has used it; asking twice is fine."""
    if room.invitations.filter(revoked_at=None).update(revoked_at=timezone.now()):
        room_announce(room_id=room.pk, what="room")  # the sockets ask at once whether they may stay
        action = AuditEntry.Action.INVITATION_CHANGED
        audit_append(action=action, by=by, interview=room.interview, change="withdrawn")


def invitation_use(*, invitation: Invitation) -> None:
    """Remember when the candidate first came; using it again is fine until it expires or is revoked."""
    Invitation.objects.filter(pk=invitation.pk, first_used_at=None).update(first_used_at=timezone.now())
