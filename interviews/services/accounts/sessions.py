"""Where somebody is logged in."""

import re
from typing import Final
from uuid import UUID

from django.contrib.sessions.models import Session
from django.utils import timezone

from interviews.models import LoginSession, User

BROWSERS: Final = (
    *(("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")),
)
SYSTEMS: Final = (
    *(("Android", "Android"), ("iPhone|iPad", "iOS"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")),
)


def session_record(*, user: User, session_key: str, user_agent: str) -> None:
    LoginSession.objects.update_or_create(
        session_key=session_key,
        defaults={"user": user, "browser": browser_of(user_agent), "last_seen_at": timezone.now()},
    )


def session_seen(*, session_key: str) -> None:
    LoginSession.objects.filter(session_key=session_key).update(last_seen_at=timezone.now())


def session_moved(*, before: str, after: str) -> None:
    """A session has a new key: after a password or a code it never goes on under the old one."""
    LoginSession.objects.filter(session_key=before).update(session_key=after)


def session_end(*, user: User, session_id: UUID) -> None:
    """Log somebody out in one browser; nothing happens for another person's."""
    for known in LoginSession.objects.filter(user=user, pk=session_id):
        Session.objects.filter(session_key=known.session_key).delete()
        known.delete()


def sessions_end(*, user: User, but: str = "") -> None:
    """Log somebody out everywhere, except in the session with the key ``but``."""
    known = LoginSession.objects.filter(user=user).exclude(session_key=but)
    Session.objects.filter(session_key__in=known.values("session_key")).delete()
    known.delete()


def sessions_forget() -> None:
    """Remove rows of sessions that have ended."""
    LoginSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def browser_of(user_agent: str) -> str:
    """Browser and system, roughly: enough to recognise one's own."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in SYSTEMS if re.search(mark, user_agent)), "an unknown system")
    return f"{browser} on {system}"
