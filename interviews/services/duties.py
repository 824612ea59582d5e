"""Recording what was done about a rule for one interview."""

from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from interviews.models import AuditEntry, Interview, Membership, RuleRecord, User
from interviews.selectors.duties import interview_duties
from interviews.services.audit import audit_append

Kind = RuleRecord.Kind

NEEDS_WORDS: Final = {
    Kind.DONE: "Say what shows it, and where that is.",
    Kind.WAIVED: "Say why. The log keeps the reason.",
}
NEEDS_ADMINISTRATOR: Final = "An administrator of your organization alone can go on without it."


@transaction.atomic
def rule_record(
    *, interview: Interview, by: User, rule: str, kind: str, on: date | None = None, words: str = ""
) -> RuleRecord:
    """Record that what a rule asks for was done ``on`` a day, that an administrator goes on before a notice period has
    passed, or that either is taken back.

    Raises ``ValidationError`` by field: ``rule``, ``kind``, ``on``, ``words``.
    """
    words = " ".join(words.split())[:500]
    errors = {}
    duty = next((duty for duty in interview_duties(interview=interview) if duty.rule.id == rule), None)
    if duty is None:
        errors["rule"] = "This rule asks for nothing here."
    elif kind not in Kind.values or (kind == Kind.WAIVED and not duty.rule.notice_business_days):
        errors["kind"] = "This cannot be recorded of this rule."
    elif kind == Kind.WAIVED and not can_waive(by, interview):
        errors["kind"] = NEEDS_ADMINISTRATOR
    if kind == Kind.DONE and (on is None or on > timezone.localdate()):
        errors["on"] = "Enter the day on which it was done."
    if kind in (Kind.DONE, Kind.WAIVED) and not words:
        errors["words"] = NEEDS_WORDS[Kind(kind)]
    if errors:
        raise ValidationError(errors)
    record = RuleRecord.objects.create(
        interview=interview,
        rule=rule,
        kind=kind,
        on=on if kind == Kind.DONE else None,
        words="" if kind == Kind.TAKEN_BACK else words,
        recorded_by=by,
    )
    details: dict[str, Any] = {"rule": rule, "kind": kind, "on": record.on.isoformat() if record.on else ""}
    if kind == Kind.WAIVED:
        details["reason"] = words
    audit_append(
        action=AuditEntry.Action.POLICY_CHANGED, by=by, interview=interview, change="rule of this interview", **details
    )
    return record


def can_waive(user: User, interview: Interview) -> bool:
    """Whether the person may go on before a notice period has passed."""
    role = Membership.Role.ADMINISTRATOR
    return user.memberships.filter(organization=interview.organization_id, role=role).exists()
