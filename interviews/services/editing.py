"""Correcting what was entered about an interview: candidate, position, owner."""

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews.models import AuditEntry, Candidate, Interview, Membership, User
from interviews.permissions import has_role
from interviews.services.audit import audit_append
from interviews.services.holds import hold_keep
from interviews.services.people import candidate_fields_errors, candidate_find_or_create, position_find_or_create


@transaction.atomic
def interview_change(
    *,
    interview: Interview,
    by: User,
    candidate_name: str,
    candidate_email: str,
    position: str,
    owner: User,
    everywhere: bool = False,
) -> Interview:
    """Replace candidate, position and owner of an interview. Raises ``ValidationError`` by field.

    A new name or address is the same candidate's where they have no other interview, and with ``everywhere`` in their
    others too. Otherwise the others keep it. The audit log says which fields changed, and not to what.
    """
    name, title = " ".join(candidate_name.split()), " ".join(position.split())
    email = candidate_email.strip().lower()
    errors = candidate_fields_errors(name=name, email=email, position=title)
    if not has_role(owner, interview.organization, Membership.Role.RECRUITER, Membership.Role.ADMINISTRATOR):
        errors["owner"] = "Only a recruiter or an administrator of the organization can own an interview."
    if errors:
        raise ValidationError(errors)
    before, found = interview.candidate, position_find_or_create(organization=interview.organization, title=title)
    differs = {
        "name": name != before.name,
        "email": email != before.email,
        "position": found != interview.position,
        "owner": owner != interview.owner,
    }
    changed = [field for field, is_other in differs.items() if is_other]
    if changed:
        hold_keep(interview=interview, rows=Interview.objects.filter(pk=interview.pk), by=by)
    if differs["name"] or differs["email"]:
        interview.candidate = _renamed(interview, before, name, email, by=by, everywhere=everywhere)
    interview.position, interview.owner = found, owner
    if changed:
        interview.save()
        audit_append(action=AuditEntry.Action.INTERVIEW_CHANGED, by=by, interview=interview, fields=changed)
    return interview


def _renamed(
    interview: Interview, before: Candidate, name: str, email: str, *, by: User, everywhere: bool
) -> Candidate:
    """The candidate with a new name and address; nobody without an interview is left behind."""
    others = before.interviews.exclude(pk=interview.pk)
    known = Candidate.objects.filter(organization=interview.organization_id, name=name, email=email).first()
    for one in (interview, *others) if everywhere else (interview,):
        hold_keep(interview=one, rows=Candidate.objects.filter(pk=before.pk), by=by)
    if everywhere or not others.exists():
        if known is None:
            Candidate.objects.filter(pk=before.pk).update(name=name, email=email)
            return Candidate.objects.get(pk=before.pk)
        before.interviews.update(candidate=known)
        before.delete()
        return known
    return candidate_find_or_create(organization=interview.organization, name=name, email=email)
