"""What somebody was told, for the page and its counter."""

from typing import Any, Final

from interviews.models import Interview, Notification, User

SHOWN: Final = 100
SENTENCES: Final = {
    "report_ready": "The report is ready.",
    "report_failed": "The analysis failed.",
    "candidate_waiting": "The candidate waits in the live room.",
    "mention": "{by} mentions you in a note.",
}


def notifications_of(*, user: User) -> list[dict[str, Any]]:
    """The latest first; those of interviews that the person does not see any more are left out."""
    rows = user.notifications.filter(interview__in=Interview.objects.visible_to(user))
    related = ("interview__candidate", "interview__room", "caused_by")
    return [
        {
            "notification": row,
            "interview": row.interview,
            "room": getattr(row.interview, "room", None) if row.kind == Notification.Kind.CANDIDATE_WAITING else None,
            "sentence": SENTENCES[row.kind].format(by=row.caused_by or "Somebody"),
        }
        for row in rows.select_related(*related)[:SHOWN]
    ]


def notifications_unread(*, user: User) -> int:
    return user.notifications.filter(read_at=None).count()


def notification_choices(*, user: User) -> list[dict[str, Any]]:
    """Every kind with where the person wants to be told."""
    chosen = {row.kind: row for row in user.notification_choices.all()}
    return [
        {
            "kind": kind.value,
            "name": kind.label,
            "on_page": chosen[kind].on_page if kind in chosen else True,
            "by_mail": chosen[kind].by_mail if kind in chosen else False,
        }
        for kind in Notification.Kind
    ]
