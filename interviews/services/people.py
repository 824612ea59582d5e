"""Candidates and positions as recruiters type them: checked, then found or made."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from interviews.models import Candidate, Organization, Position


def candidate_fields_errors(*, name: str, email: str, position: str) -> dict[str, str]:
    """Sentences by field for what is missing, malformed or too long."""
    errors: dict[str, str] = {}
    if not name:
        errors["candidate_name"] = "Enter the candidate's name."
    elif len(name) > 150:
        errors["candidate_name"] = "The name is longer than 150 characters."
    try:
        validate_email(email)
    except ValidationError:
        errors["candidate_email"] = "Enter the candidate's e-mail address, such as name@example.com."
    if len(email) > 254:
        errors["candidate_email"] = "The e-mail address is longer than 254 characters."
    if len(position) > 150:
        errors["position"] = "The position is longer than 150 characters."
    return errors


def candidate_find_or_create(*, organization: Organization, name: str, email: str) -> Candidate:
    return Candidate.objects.get_or_create(organization=organization, email=email, name=name)[0]


def position_find_or_create(*, organization: Organization, title: str) -> Position | None:
    """None for an empty title. Titles are compared without regard to case."""
    if not title:
        return None
    known = Position.objects.filter(organization=organization, title__iexact=title).first()
    return known or Position.objects.create(organization=organization, title=title)
