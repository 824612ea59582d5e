"""The table of rules as types."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from interviews.policy.keys import TRANSCRIPT, Audience, Jurisdiction, Purpose


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; ``table.toml`` explains its fields. Without ``lift`` nobody can lift it. ``lift_of``: ``interview``, or
    empty for an organization and a purpose."""

    id: str
    title: str
    sentence: str
    source: str
    jurisdictions: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    audience: str = Audience.ORGANIZATION
    retention_days: int | None = None
    erasure_days: int | None = None
    notice_business_days: int = 0
    requires: str = ""
    lift: str = ""
    lift_of: str = ""
    lift_days: int = 0
    lift_on: str = ""
    url: str = ""

    def matches(self, *, purpose: str, jurisdictions: tuple[str, ...]) -> bool:
        """Whether it applies to a known purpose, where one of the ``jurisdictions`` is within its own or unknown."""
        if self.purposes and purpose not in self.purposes:
            return False
        return not self.jurisdictions or any(self._covers(jurisdiction) for jurisdiction in jurisdictions)

    def _covers(self, jurisdiction: str) -> bool:
        return jurisdiction == Jurisdiction.UNKNOWN or any(
            jurisdiction == own or jurisdiction.startswith(f"{own}_") for own in self.jurisdictions
        )

    def is_liftable_for(self, purpose: str) -> bool:
        """Whether an organization can lift it for a purpose."""
        return bool(self.lift and not self.lift_of and (not self.purposes or purpose in self.purposes))

    def lift_ends(self, on: date) -> date:
        """The last day of a lift that stands on something of the day ``on``."""
        return on + timedelta(days=self.lift_days)

    @property
    def is_of_interview(self) -> bool:
        """Whether something has to be done for each interview."""
        return bool(self.lift_of or self.notice_business_days)

    @property
    def places(self) -> str:
        names = [Jurisdiction(key).label for key in self.jurisdictions]
        return "; ".join("United States" if name.endswith("elsewhere") else name for name in names) or "Everywhere"

    @property
    def purpose_names(self) -> str:
        return "; ".join(Purpose(key).label for key in self.purposes) or "Any purpose"


@dataclass(frozen=True, slots=True)
class Table:
    """``names``: by key. ``metrics``: by metric, the modalities that it is computed from. ``retention_days``: by
    purpose."""

    checked_on: date
    checked: str
    names: Mapping[str, str]
    metrics: Mapping[str, tuple[str, ...]]
    retention_days: Mapping[str, int]
    rules: tuple[Rule, ...]

    @property
    def modalities(self) -> tuple[str, ...]:
        built_on = {key for keys in self.metrics.values() for key in keys}
        return tuple(key for key in self.names if key in built_on)

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything that a rule can block."""
        return (*self.modalities, *self.metrics, TRANSCRIPT)

    def rule(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def table_of(content: Mapping[str, Any]) -> Table:
    """The table of what ``table.toml`` has. Raises ``ValueError`` for a key that nothing knows."""
    rules = [_rule(rule) for rule in content["rules"]]
    metrics = {key: tuple(built_on) for key, built_on in content["metrics"].items()}
    table = Table(
        checked_on=content["checked_on"],
        checked=content["checked"],
        names=dict(content["names"]),
        metrics=metrics,
        retention_days=dict(content["retention_days"]),
        rules=tuple(rules),
    )
    for rule in rules:
        strange = [key for key in rule.blocks if key not in table.keys]
        strange += [key for key in rule.purposes if key not in Purpose.values]
        strange += [key for key in rule.jurisdictions if key not in Jurisdiction.values]
        strange += [key for key in (rule.lift_of,) if key not in ("", "interview")]
        if strange or rule.audience not in Audience.values:
            raise ValueError(f"rule {rule.id}: {', '.join(strange) or rule.audience} is not known")
    return table


def _rule(content: Mapping[str, Any]) -> Rule:
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in content.items()
    }
    return Rule(**fields)


TABLE: Final = table_of(tomllib.loads((Path(__file__).parent / "table.toml").read_text(encoding="utf-8")))
