"""Changing what is allowed. Tightening is free; loosening asks for a reason; the audit log has both."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from interviews.models import AuditEntry, Interview, Organization, PolicySetting, User
from interviews.policy import TABLE, TRANSCRIPT, Decision, Jurisdiction, Purpose, Rule, Setting, decide, is_looser
from interviews.selectors.policy import interview_policy, organization_settings
from interviews.services.audit import audit_append
from interviews.services.holds import hold_keep

NEEDS_REASON: Final = "This allows more than before. Say why; the log keeps the reason."
UNKNOWN: Final = "unknown"
RETENTION_DAYS: Final = (1, 3650)
NOT_UNSAID: Final = "This was stated before. Change it to what is right; it cannot become unstated again."


@transaction.atomic
def policy_setting_set(
    *,
    organization: Organization,
    by: User,
    purpose: str,
    lifted: Sequence[str] = (),
    lifted_on: Mapping[str, date] | None = None,
    blocked: Sequence[str] = (),
    retention_days: int | None = None,
    reason: str = "",
) -> PolicySetting:
    """Replace what an organization has set for a purpose. ``lifted_on``: by rule, the day of what its lift stands on.

    Raises ``ValidationError`` by field: ``reason`` where it allows more than before and none is given, ``lifted`` where
    such a day is missing, in the future or too long ago.
    """
    after = Setting(tuple(lifted), tuple(blocked), retention_days)
    days = {rule: day for rule, day in (lifted_on or {}).items() if rule in lifted}
    _check_setting(purpose, after, days)
    Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    before = organization_settings(organization=organization).get(purpose, Setting())
    is_loosening = after.loosens(before, usual_days=TABLE.retention_days[purpose])
    reason = _reason(reason, is_needed=is_loosening)
    row, _ = PolicySetting.objects.update_or_create(
        organization=organization,
        purpose=purpose,
        defaults={
            "lifted": list(lifted),
            "lifted_on": (dated := {rule: day.isoformat() for rule, day in days.items()}),
            "lift_told": {},
            "blocked": list(blocked),
            "retention_days": retention_days,
        },
    )
    change = "loosened" if is_loosening else "set"
    _log(organization, by, change, reason, purpose=purpose, lifted_on=dated, **asdict(after))
    return row


@transaction.atomic
def organization_places_set(
    *,
    organization: Organization,
    by: User,
    jurisdiction: str,
    usual_purpose: str,
    usual_jurisdiction: str,
    reason: str = "",
) -> None:
    """Say where the organization works, and what its interviews usually are. Raises ``ValidationError`` by field."""
    _check_choices(jurisdiction=jurisdiction, usual_jurisdiction=usual_jurisdiction, usual_purpose=usual_purpose)
    held = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    settings = organization_settings(organization=held)

    def loosens(purpose: str, candidate: str) -> bool:
        before, after = (
            decide(candidate=candidate, organization=place, purpose=purpose, settings=settings)
            for place in (held.jurisdiction, jurisdiction)
        )
        return is_looser(after, before)

    is_loosening = any(loosens(purpose, candidate) for purpose in Purpose.values for candidate in Jurisdiction.values)
    was_stated = held.jurisdiction != Jurisdiction.UNKNOWN
    _check_not_unsaid(held, jurisdiction=jurisdiction)
    reason = _reason(reason, is_needed=is_loosening and was_stated)
    held.jurisdiction, held.usual_purpose, held.usual_jurisdiction = jurisdiction, usual_purpose, usual_jurisdiction
    held.save(update_fields=["jurisdiction", "usual_purpose", "usual_jurisdiction"])
    organization.refresh_from_db()
    change = "where the organization works" if was_stated else "where the organization works, first stated"
    usual = {"usual_purpose": usual_purpose, "usual_jurisdiction": usual_jurisdiction}
    _log(organization, by, change, reason, jurisdiction=jurisdiction, **usual)


@transaction.atomic
def interview_purpose_set(
    *, interview: Interview, by: User, purpose: str, candidate_jurisdiction: str, reason: str = ""
) -> Decision:
    """Say what an interview is for and where its candidate is; returns what is allowed now.

    Raises ``ValidationError`` by field: ``reason`` where something else was stated before and this allows more.
    """
    _check_choices(purpose=purpose, candidate_jurisdiction=candidate_jurisdiction)
    held = Interview.objects.select_for_update(of=("self",)).select_related("organization").get(pk=interview.pk)
    fields: dict[str, Any] = {"purpose": purpose, "candidate_jurisdiction": candidate_jurisdiction}
    _check_not_unsaid(held, **fields)
    is_changed = any(getattr(held, name) not in (UNKNOWN, value) for name, value in fields.items())
    before = interview_policy(interview=held)
    held.purpose, held.candidate_jurisdiction = purpose, candidate_jurisdiction
    after = interview_policy(interview=held)
    reason = _reason(reason, is_needed=is_changed and is_looser(after, before))
    hold_keep(interview=held, rows=Interview.objects.filter(pk=held.pk), by=by)
    held.save(update_fields=["purpose", "candidate_jurisdiction"])
    interview.purpose, interview.candidate_jurisdiction = purpose, candidate_jurisdiction
    audit_append(
        action=AuditEntry.Action.POLICY_CHANGED, by=by, interview=held, change="purpose", reason=reason, **fields
    )
    return after


@transaction.atomic
def interviews_purpose_state(
    *, organization: Organization, by: User, purpose: str, candidate_jurisdiction: str, reason: str
) -> int:
    """Say it for all interviews of the organization of which it is not known; returns how many there were.

    Raises ``ValidationError`` by field; it always needs a reason.
    """
    _check_choices(purpose=purpose, candidate_jurisdiction=candidate_jurisdiction)
    reason = _reason(reason, is_needed=True)
    unstated = Interview.objects.filter(organization=organization, purpose=Purpose.UNKNOWN)
    count = unstated.update(purpose=purpose, candidate_jurisdiction=candidate_jurisdiction)
    fields = {"purpose": purpose, "candidate_jurisdiction": candidate_jurisdiction, "interviews": count}
    _log(organization, by, "purpose of interviews from before", reason, **fields)
    return count


@transaction.atomic
def interviews_clock_start(*, organization: Organization, by: User) -> int:
    """Let the time to be kept begin, today, for interviews from before there was retention; returns how many."""
    waiting = Interview.objects.filter(organization=organization, kept_from=None)
    count = waiting.update(kept_from=timezone.now())
    _log(organization, by, "retention begins for interviews from before", "", interviews=count)
    return count


def _check_setting(purpose: str, setting: Setting, days: Mapping[str, date]) -> None:
    errors: dict[str, str] = {}
    if purpose not in TABLE.retention_days:
        errors["purpose"] = "There is no such purpose."
    for rule_id in setting.lifted:
        rule = TABLE.rule(rule_id)
        if rule is None or not rule.is_liftable_for(purpose):
            errors["lifted"] = "This rule cannot be switched off for this purpose."
        elif rule.lift_days and (problem := _day_problem(rule, days.get(rule_id))):
            errors["lifted"] = problem
    if any(key not in (*TABLE.modalities, *TABLE.metrics, TRANSCRIPT) for key in setting.blocked):
        errors["blocked"] = "There is nothing of this name to leave out."
    shortest, longest = RETENTION_DAYS
    if setting.retention_days is not None and not shortest <= setting.retention_days <= longest:
        errors["retention_days"] = f"Enter a number of days from {shortest} to {longest}."
    if errors:
        raise ValidationError(errors)


def _day_problem(rule: Rule, day: date | None) -> str:
    today = timezone.localdate()
    if day is None or day > today:
        return f"{rule.lift_on}: enter it; it cannot be in the future."
    if rule.lift_ends(day) < today:
        return f"{rule.lift_on}: it is more than {rule.lift_days} days ago, so the rule stands."
    return ""


def _check_choices(**chosen: str) -> None:
    choices = {name: Purpose if name.endswith("purpose") else Jurisdiction for name in chosen}
    errors = {name: "Choose one of the list." for name, value in chosen.items() if value not in choices[name].values}
    if errors:
        raise ValidationError(errors)


def _check_not_unsaid(row: Organization | Interview, **fields: str) -> None:
    """What is not stated needs no reason when it is, so going back to that would loosen without one."""
    errors = {name: NOT_UNSAID for name, value in fields.items() if value == UNKNOWN != getattr(row, name)}
    if errors:
        raise ValidationError(errors)


def _reason(reason: str, *, is_needed: bool) -> str:
    reason = " ".join(reason.split())[:500]
    if is_needed and not reason:
        raise ValidationError({"reason": NEEDS_REASON})
    return reason


def _log(organization: Organization, by: User, change: str, reason: str, **details: Any) -> None:
    if reason:
        details["reason"] = reason
    audit_append(action=AuditEntry.Action.POLICY_CHANGED, by=by, organization=organization, change=change, **details)
