"""Recording what was done about a rule for one interview."""

from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from interviews.models import AuditEntry, Interview, Membership, RuleRecord, User
from interviews.selectors.duties import interview_duties
from interviews.services.audit import audit_append
from interviews.services.evidence import evidence_file_problem, evidence_file_set

Kind = RuleRecord.Kind

NEEDS_WORDS: Final = {
    Kind.DONE: "Choose the file that shows it, or say where it is.",
    Kind.WAIVED: "Say why. The log keeps the reason.",
}
NEEDS_ADMINISTRATOR: Final = "An administrator of your organization alone can go on without it."


@transaction.atomic
def rule_record(
    *,
    interview: Interview,
    by: User,
    rule: str,
    kind: str,
    on: date | None = None,
    words: str = "",
    file: "UploadedFile[Any] | None" = None,
) -> RuleRecord:
    """Record that what a rule asks for was done ``on`` a day, that an administrator goes on before a notice period has
    passed, or that either is taken back. What was done is shown by words or a file, such as a signed waiver.

    Raises ``ValidationError`` by field: ``rule``, ``kind``, ``on``, ``words``, ``file``.
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
    file = file if kind == Kind.DONE else None
    if kind in (Kind.DONE, Kind.WAIVED) and not words and file is None:
        errors["words"] = NEEDS_WORDS[Kind(kind)]
    if problem := evidence_file_problem(file):
        errors["file"] = problem
    if errors:
        raise ValidationError(errors)
    record = RuleRecord(
        interview=interview,
        rule=rule,
        kind=kind,
        on=on if kind == Kind.DONE else None,
        words="" if kind == Kind.TAKEN_BACK else words,
        recorded_by=by,
    )
    if file is not None:
        evidence_file_set(record, file)
    record.save()
    details: dict[str, Any] = {"rule": rule, "kind": kind, "on": record.on.isoformat() if record.on else ""}
    if file is not None:
        details["sha256"] = record.sha256
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
