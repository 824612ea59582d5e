"""Telling people what happened to an interview, where they want to be told."""

import logging
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from interviews.models import Interview, Notification, NotificationChoice, User
from interviews.services.mailing import mail_send

logger = logging.getLogger(__name__)

Kind = Notification.Kind
MAIL_TASK: Final = "interviews.tasks.notification_mail"
EXPIRES_S: Final = 3600


@transaction.atomic
def notify(*, kind: str, interview: Interview, people: Iterable[User | None], caused_by: User | None = None) -> None:
    """Tell ``people`` once each, if they see the interview; mails go once the transaction is committed.

    A mail has no name and no content: it says what kind of thing happened, and where to read it.
    """
    told = {person.pk: person for person in people if person is not None and person != caused_by}
    choices = {row.user_id: row for row in NotificationChoice.objects.filter(user__in=told, kind=kind)}
    for person in told.values():
        if not Interview.objects.visible_to(person).filter(pk=interview.pk).exists():
            continue
        choice = choices.get(person.pk) or NotificationChoice(user=person, kind=kind)
        if choice.on_page:
            Notification.objects.create(user=person, kind=kind, interview=interview, caused_by=caused_by)
        if choice.by_mail:
            transaction.on_commit(partial(_mail_publish, person.pk, kind, interview.pk))


def notifications_read(*, user: User) -> None:
    """All that somebody was told is read."""
    user.notifications.filter(read_at=None).update(read_at=timezone.now())


@transaction.atomic
def notification_choices_set(*, user: User, choices: Mapping[str, tuple[bool, bool]]) -> None:
    """By kind: whether on the page, and whether by mail."""
    for kind in Kind.values:
        on_page, by_mail = choices[kind]
        fields = {"on_page": on_page, "by_mail": by_mail}
        NotificationChoice.objects.update_or_create(user=user, kind=kind, defaults=fields)


def notification_mail(*, user_id: UUID, kind: str, interview_id: UUID) -> None:
    """Send the mail. The worker that has the mail server does it."""
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is None:
        return
    address = f"{settings.SITE_URL}{reverse('interview_detail', args=[interview_id])}"
    choose = f"{settings.SITE_URL}{reverse('notifications')}"
    message = f"{Kind(kind).label}.\n\nRead more at {address}\n\nWhat Candor mails to you, you choose at {choose}\n"
    mail_send(to=person.email, subject=f"Candor: {Kind(kind).label.lower()}", message=message)


def _mail_publish(user_id: UUID, kind: str, interview_id: UUID) -> None:
    try:
        current_app.send_task(MAIL_TASK, args=[str(user_id), kind, str(interview_id)], expires=EXPIRES_S)
    except Exception:  # every transport raises its own kinds of error; what happened matters more than the mail
        logger.exception("A notice could not be published for mailing")
