"""What the table allows for one interview: every matching rule applies, and what is not known matches every rule."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

from interviews.policy.keys import TRANSCRIPT, Audience, Purpose
from interviews.policy.table import TABLE, Rule, Table

ERASURE_DAYS: Final = 30
"""Longest time from a request for erasure to its end, everywhere (GDPR, Article 12(3): one month)."""
ORGANIZATION_RULE: Final = Rule(
    id="organization",
    title="Switched off by the organization",
    sentence="An administrator of the organization has switched it off for this purpose.",
    source="The organization's own setting.",
)
CONSENT_RULE: Final = Rule(
    id="consent",
    title="Not agreed to by the candidate",
    sentence="The candidate did not agree to it, or no longer does.",
    source="The candidate's own answers.",
)
KNOWN_PURPOSES: Final = tuple(purpose.value for purpose in Purpose if purpose != Purpose.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Setting:
    """What an organization has set for a purpose: rules ``lifted``, keys ``blocked`` beyond the table, its own
    ``retention_days``."""

    lifted: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    retention_days: int | None = None

    def loosens(self, before: "Setting", *, usual_days: int) -> bool:
        """Whether it allows anything that ``before`` did not."""
        longer = (self.retention_days or usual_days) > (before.retention_days or usual_days)
        return longer or bool(set(self.lifted) - set(before.lifted) or set(before.blocked) - set(self.blocked))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What one rule leaves out: keys of modalities and metrics, or ``transcript``."""

    rule: Rule
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What is allowed. ``modalities`` and ``metrics`` are keys; ``rules`` are those that apply.

    ``notice_business_days``: how long before the interview the candidate is told. ``erasure_days``: from a request for
    erasure to its end.
    """

    modalities: tuple[str, ...]
    metrics: tuple[str, ...]
    transcript: bool
    audience: str
    retention_days: int
    erasure_days: int
    notice_business_days: int
    left_out: tuple[LeftOut, ...]
    rules: tuple[Rule, ...] = field(repr=False)

    def allows(self, key: str) -> bool:
        return key in self.modalities or key in self.metrics or (key == TRANSCRIPT and self.transcript)

    @property
    def shows_organization(self) -> bool:
        """Whether people of the organization may see results."""
        return self.audience == Audience.ORGANIZATION

    @property
    def requirements(self) -> tuple[Rule, ...]:
        """The rules that ask for something that only people can do."""
        return tuple(rule for rule in self.rules if rule.requires)


def decide(
    *,
    candidate: str,
    organization: str,
    purpose: str,
    settings: Mapping[str, Setting] | None = None,
    done: Collection[str] = (),
    table: Table = TABLE,
) -> Decision:
    """The decision for the jurisdictions of candidate and organization, and a purpose; ``settings`` by purpose.

    ``done``: ids of the rules whose demands on this one interview are met.
    """
    settings = settings or {}
    purposes = KNOWN_PURPOSES if purpose == Purpose.UNKNOWN else (purpose,)
    applying: dict[str, Rule] = {}
    own: set[str] = set()
    for one in purposes:
        setting = settings.get(one, Setting())
        own |= set(setting.blocked)
        for rule in table.rules:
            is_lifted = rule.is_liftable_for(one) and rule.id in setting.lifted
            is_done = rule.lift_of and rule.id in done
            if not (is_lifted or is_done) and rule.matches(purpose=one, jurisdictions=(candidate, organization)):
                applying[rule.id] = rule
    rules = tuple(rule for rule in table.rules if rule.id in applying)
    left_out = [LeftOut(rule, keys) for rule in rules if (keys := _with_metrics(rule.blocks, table))]
    if own:
        left_out.append(LeftOut(ORGANIZATION_RULE, _with_metrics(own, table)))
    blocked = set(chain.from_iterable(one.keys for one in left_out))
    audiences = {rule.audience for rule in rules}
    kept = [settings.get(one, Setting()).retention_days or table.retention_days[one] for one in purposes]
    return Decision(
        modalities=tuple(key for key in table.modalities if key not in blocked),
        metrics=tuple(key for key in table.metrics if key not in blocked),
        transcript=TRANSCRIPT not in blocked,
        audience=Audience.CANDIDATE if Audience.CANDIDATE in audiences else Audience.ORGANIZATION,
        retention_days=min([*kept, *(rule.retention_days for rule in rules if rule.retention_days)]),
        erasure_days=min([ERASURE_DAYS, *(rule.erasure_days for rule in rules if rule.erasure_days)]),
        notice_business_days=max([0, *(rule.notice_business_days for rule in rules)]),
        left_out=tuple(left_out),
        rules=rules,
    )


def without(decision: Decision, rule: Rule, keys: Iterable[str], *, table: Table = TABLE) -> Decision:
    """The decision with ``keys``, and the metrics built on them, left out by ``rule`` too."""
    left_out = _with_metrics(keys, table)
    if not left_out:
        return decision
    return replace(
        decision,
        modalities=tuple(key for key in decision.modalities if key not in left_out),
        metrics=tuple(key for key in decision.metrics if key not in left_out),
        left_out=(*decision.left_out, LeftOut(rule, left_out)),
    )


def is_looser(after: Decision, before: Decision) -> bool:
    """Whether ``after`` allows anything that ``before`` does not."""
    return (
        any(after.allows(key) and not before.allows(key) for key in (*after.modalities, *after.metrics, TRANSCRIPT))
        or (after.shows_organization and not before.shows_organization)
        or after.retention_days > before.retention_days
        or after.erasure_days > before.erasure_days
        or after.notice_business_days < before.notice_business_days
    )


def _with_metrics(blocked: Iterable[str], table: Table) -> tuple[str, ...]:
    """The keys with the metrics that are built on one of them, in the order of the table."""
    every = set(blocked)
    every |= {metric for metric, built_on in table.metrics.items() if every & set(built_on)}
    return tuple(key for key in table.keys if key in every)
