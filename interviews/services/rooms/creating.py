"""Creating a live interview: candidate, interview, room and the questions that the host prepared."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews.models import AuditEntry, Interview, Room, User
from interviews.selectors import organization_of
from interviews.services.audit import audit_append
from interviews.services.people import candidate_fields_errors, candidate_find_or_create, position_find_or_create
from interviews.services.rooms.questions import prepared_questions_replace


def room_create(
    *,
    by: User,
    candidate_name: str,
    candidate_email: str,
    position: str = "",
    spoken_language: str = Interview.SpokenLanguage.UNKNOWN,
    purpose: str | None = None,
    candidate_jurisdiction: str | None = None,
    blind: bool = False,
    questions: Sequence[str] = (),
) -> Room:
    """Make an interview with a room that waits for its host, who is ``by``.

    Raises ``ValidationError`` with sentences by field. An empty ``position`` leaves it open. Without
    ``purpose`` and ``candidate_jurisdiction`` the organization's usual ones apply.
    """
    candidate_name, position = " ".join(candidate_name.split()), " ".join(position.split())
    candidate_email = candidate_email.strip().lower()
    errors = candidate_fields_errors(name=candidate_name, email=candidate_email, position=position)
    if errors:
        raise ValidationError(errors)
    organization = organization_of(by)
    if organization is None:
        raise ValidationError("You are in no organization as recruiter or administrator. Ask your administrator.")
    with transaction.atomic():
        interview = Interview.objects.create(
            organization=organization,
            candidate=candidate_find_or_create(organization=organization, name=candidate_name, email=candidate_email),
            position=position_find_or_create(organization=organization, title=position),
            owner=by,
            spoken_language=spoken_language,
            purpose=purpose or organization.usual_purpose,
            candidate_jurisdiction=candidate_jurisdiction or organization.usual_jurisdiction,
        )
        room = Room.objects.create(interview=interview, host=by, blind=blind)
        prepared_questions_replace(room=room, by=by, questions=[{"id": None, "text": text} for text in questions])
        audit_append(action=AuditEntry.Action.INTERVIEW_ADDED, by=by, interview=interview, room=room.pk)
    return room
