"""What rules of the table ask to be done for one interview: a waiver that is signed, a notice period that passes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from interviews.models import Interview, RuleRecord
from interviews.policy import TABLE, Decision, Rule, decide

Kind = RuleRecord.Kind

WEEKEND: Final = (5, 6)


@dataclass(frozen=True, slots=True)
class Duty:
    """One rule that asks for something, and what was recorded last; None if nothing was."""

    rule: Rule
    record: RuleRecord | None

    @property
    def is_done(self) -> bool:
        return self.record is not None and self.record.kind == Kind.DONE

    @property
    def is_waived(self) -> bool:
        return self.record is not None and self.record.kind == Kind.WAIVED

    @property
    def from_day(self) -> date | None:
        """The first day on which the tool may be used; None while nobody has been told."""
        if not self.is_done or self.record is None or self.record.on is None:
            return None
        return business_days_after(self.record.on, self.rule.notice_business_days)

    @property
    def pending(self) -> str:
        """A sentence why nothing is analysed yet; empty where the notice period has passed or was waived."""
        days = self.rule.notice_business_days
        if not days or self.is_waived:
            return ""
        if self.from_day is None:
            return (
                f"{self.rule.title}: the candidate has to be told {days} business days before anything is analysed."
                " Record when that was on the page Purpose; an administrator can go on without it, and says why."
            )
        if timezone.localdate() < self.from_day:
            return (
                f"{self.rule.title}: nothing is analysed before {self.from_day:%-d %B %Y}, {days} business days after"
                " the candidate was told. An administrator can go on without it, and says why."
            )
        return ""


def business_days_after(day: date, count: int) -> date:
    """The day that is ``count`` business days later. Saturdays and Sundays are none; public holidays are not known."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() not in WEEKEND
    return day


def interview_duties(*, interview: Interview) -> list[Duty]:
    """What the rules ask for this interview, done or not, in the order of the table."""
    stated = decide(
        candidate=interview.candidate_jurisdiction,
        organization=interview.organization.jurisdiction,
        purpose=interview.purpose,
    )
    standing = _standing([interview.pk])[interview.pk]
    return [Duty(rule, standing.get(rule.id)) for rule in stated.rules if rule.is_of_interview]


def notice_pending(*, interview: Interview, policy: Decision) -> str:
    """A sentence why nothing of the interview may be analysed yet; empty if it may."""
    if not policy.notice_business_days:
        return ""
    standing = _standing([interview.pk])[interview.pk]
    duties = (Duty(rule, standing.get(rule.id)) for rule in policy.rules if rule.notice_business_days)
    return next((duty.pending for duty in duties if duty.pending), "")


def rules_done(*, interview_ids: Iterable[UUID]) -> dict[UUID, set[str]]:
    """By interview, the rules that are lifted because what they ask for was done."""
    return {
        interview_id: {rule for rule, record in standing.items() if record.kind == Kind.DONE}
        for interview_id, standing in _standing(interview_ids).items()
    }


def _standing(interview_ids: Iterable[UUID]) -> dict[UUID, dict[str, RuleRecord]]:
    """By interview and rule, the record that stands."""
    found: dict[UUID, dict[str, RuleRecord]] = {interview_id: {} for interview_id in interview_ids}
    known = [rule.id for rule in TABLE.rules if rule.is_of_interview]
    for record in RuleRecord.objects.filter(interview__in=found, rule__in=known).order_by("at", "pk"):
        found[record.interview_id][record.rule] = record
    return found
