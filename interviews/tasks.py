"""What the maintenance worker does for this app."""

from uuid import UUID

from celery import shared_task
from django.core.management import call_command

from interviews import services
from interviews.services import accounts, policy_reminders, rooms
from interviews.services.notifications import MAIL_TASK, notification_mail


@shared_task(name="interviews.tasks.uploads_sweep")
def uploads_sweep() -> None:
    services.uploads_sweep()


@shared_task(name="interviews.tasks.recordings_sweep")
def recordings_sweep() -> None:
    services.recordings_sweep()


@shared_task(name="interviews.tasks.working_folders_sweep")
def working_folders_sweep() -> None:
    services.working_folders_sweep()


@shared_task(name="interviews.tasks.sessions_sweep")
def sessions_sweep() -> None:
    call_command("clearsessions")
    accounts.sessions_forget()


@shared_task(name="interviews.tasks.rooms_sweep")
def rooms_sweep() -> None:
    rooms.rooms_sweep()


@shared_task(name="interviews.tasks.lifts_remind")
def lifts_remind() -> None:
    policy_reminders.lifts_remind()


@shared_task(name=MAIL_TASK)
def notification_mail_send(user_id: str, kind: str, interview_id: str) -> None:
    notification_mail(user_id=UUID(user_id), kind=kind, interview_id=UUID(interview_id))


@shared_task(name=accounts.PASSWORD_RESET_TASK)
def password_reset_mail(email: str, host: str, is_secure: bool) -> None:
    accounts.password_reset_mail(email=email, host=host, is_secure=is_secure)
