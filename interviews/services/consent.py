"""Writing consent events. Call it within the transaction of what the answers are about."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from interviews.consent_words import LANGUAGE, VERSION
from interviews.models import ConsentEvent, Interview, User
from interviews.selectors.notice import notice_version


def consent_record(
    *,
    interview: Interview,
    answers: Mapping[str, tuple[bool, str]],
    how: str,
    recorded_by: User | None = None,
    at: datetime | None = None,
) -> list[ConsentEvent]:
    """Add an event for each purpose whose answer or words differ from those that stand; returns the new events.

    ``answers``: by purpose, whether it is agreed to, and the words that were shown.
    """
    standing = interview.consent_events.latest_by_purpose()
    now = timezone.now() if at is None else at
    version = notice_version(organization=interview.organization)
    number = version.number if version else 0
    events = [
        ConsentEvent(
            interview=interview,
            purpose=purpose,
            given=given,
            at=now,
            how=how,
            recorded_by=recorded_by,
            statement=statement,
            version=VERSION,
            language=LANGUAGE,
            notice=number,
        )
        for purpose, (given, statement) in answers.items()
        if (before := standing.get(purpose)) is None or (before.given, before.statement) != (given, statement)
    ]
    return ConsentEvent.objects.bulk_create(events)
