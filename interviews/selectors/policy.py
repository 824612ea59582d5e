"""What is allowed for interviews: the table with what their organization has set."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.utils import timezone

from interviews.errors import Refusal
from interviews.models import ConsentEvent, Interview, LegalHold, Organization, PolicySetting
from interviews.policy import CONSENT_RULE, TABLE, Decision, Setting, decide, without
from interviews.selectors.consent import ANALYSES, Consents, consents_of_all
from interviews.selectors.duties import rules_done

MODALITIES: Final = {
    ConsentEvent.Purpose.FACE: ("facial_expression",),
    ConsentEvent.Purpose.EYES: ("eye_emotion", "eye_gaze"),
    ConsentEvent.Purpose.VOICE: ("speech_emotion",),
}
"""What each purpose of an analysis stands for."""
TOLD_BEFORE: Final = timedelta(days=60)
"""How long before its end administrators are told of a lift."""
RENEWED_WITHIN: Final = timedelta(days=30)
"""How long results are hidden and kept once a lift has ended."""
NOT_SHOWN: Final = (
    "Results of this interview are shown to the candidate alone: it is the person's own practice, or nobody has said"
    " yet what it is for."
)


def interview_policy(*, interview: Interview) -> Decision:
    """What may be computed, stored and shown of one interview."""
    return interviews_policies(interviews=[interview])[interview.pk]


def interviews_policies(*, interviews: Iterable[Interview]) -> dict[UUID, Decision]:
    """The decision for each interview, by id: at most four queries, if their organizations are loaded.

    Where a candidate agreed to some analyses and not to others, the others are left out too.
    """
    interviews = list(interviews)
    settings: dict[UUID, dict[str, Setting]] = {interview.organization_id: {} for interview in interviews}
    for row in PolicySetting.objects.filter(organization__in=settings):
        settings[row.organization_id][row.purpose] = row.setting
    consents = consents_of_all(interview_ids=[interview.pk for interview in interviews])

    def decided(interview: Interview, done: Collection[str] = ()) -> Decision:
        return decide(
            candidate=interview.candidate_jurisdiction,
            organization=interview.organization.jurisdiction,
            purpose=interview.purpose,
            settings=settings[interview.organization_id],
            done=done,
        )

    found = {interview.pk: decided(interview) for interview in interviews}
    lifted_by_one = [pk for pk, decision in found.items() if any(rule.lift_of for rule in decision.rules)]
    done = rules_done(interview_ids=lifted_by_one) if lifted_by_one else {}
    for interview in interviews:
        decision = decided(interview, done[interview.pk]) if interview.pk in done else found[interview.pk]
        found[interview.pk] = without(decision, CONSENT_RULE, _not_agreed(consents[interview.pk]))
    return found


def _not_agreed(consents: Consents) -> list[str]:
    """The modalities that a candidate left out; none where the candidate was never asked about an analysis."""
    if not consents.answers.keys() & set(ANALYSES):
        return []
    return [key for purpose in ANALYSES if not consents.given(purpose) for key in MODALITIES[purpose]]


def results_require(*, interview: Interview) -> Decision:
    """The decision, for what shows results to people of the organization. Raises :class:`Refusal` where they are for
    the candidate alone."""
    policy = interview_policy(interview=interview)
    if not policy.shows_organization:
        raise Refusal("results_not_shown", NOT_SHOWN, HTTPStatus.FORBIDDEN)
    return policy


def organization_settings(*, organization: Organization) -> dict[str, Setting]:
    """What the organization has set, by purpose."""
    return {row.purpose: row.setting for row in PolicySetting.objects.filter(organization=organization)}


def lifts_ending(*, organization: Organization) -> list[str]:
    """A sentence for each lift that has ended or ends soon."""
    rows = PolicySetting.objects.filter(organization=organization)
    return [lift_sentence(row, rule, ends) for row in rows for rule, ends in row.lift_ends.items() if ends_soon(ends)]


def ends_soon(ends: date | None) -> bool:
    return ends is None or ends - timezone.localdate() <= TOLD_BEFORE


def lift_sentence(row: PolicySetting, rule_id: str, ends: date | None) -> str:
    """What an administrator is told of a lift that has ended or ends soon."""
    rule = TABLE.rule(rule_id)
    assert rule is not None
    what = f"{rule.title} ({row.get_purpose_display()})"
    if ends is None:
        return f"{what}: no day is entered ({rule.lift_on}), so the rule stands and its results are hidden."
    if ends < timezone.localdate():
        ended = f"{what}: what you confirmed ended on {ends:%-d %B %Y}. Nothing more is analysed"
        erased = ends + RENEWED_WITHIN
        if erased < timezone.localdate():
            return f"{ended}, and results were erased after {erased:%-d %B %Y}. Enter the day of a new one to go on."
        return f"{ended}, and results are hidden; they are erased from {erased:%-d %B %Y} on without a new day."
    return f"{what}: what you confirmed ends on {ends:%-d %B %Y}. Enter the day of the new one before."


def lapsed_lifts(*, interview: Interview, policy: Decision) -> bool:
    """Whether a lift that the interview stood on has ended lately, or has no day yet: its results are hidden, and an
    administrator may still renew it."""
    today, applying = timezone.localdate(), {rule.id for rule in policy.rules}
    for row in PolicySetting.objects.filter(organization=interview.organization_id, purpose=interview.purpose):
        ended = [ends for rule, ends in row.lift_ends.items() if rule in row.lapsed & applying]
        if any(ends is None or today <= ends + RENEWED_WITHIN for ends in ended):
            return True
    return False


def organization_policy(*, organization: Organization, purpose: str, candidate_jurisdiction: str) -> Decision:
    """What would be allowed for an interview for this purpose with a candidate from there."""
    return decide(
        candidate=candidate_jurisdiction,
        organization=organization.jurisdiction,
        purpose=purpose,
        settings=organization_settings(organization=organization),
    )


def interview_erased_at(*, interview: Interview, policy: Decision | None = None) -> datetime | None:
    """When retention erases the interview; None while its time has not begun. A hold keeps it for longer."""
    if interview.kept_from is None:
        return None
    policy = policy or interview_policy(interview=interview)
    return interview.kept_from + timedelta(days=policy.retention_days)


def interview_hold(*, interview: Interview) -> LegalHold | None:
    """The hold that keeps the interview for longest; None if none stands."""
    holds = [hold for hold in LegalHold.objects.filter(interview=interview) if hold.stands]
    return max(holds, key=lambda hold: hold.until, default=None)
