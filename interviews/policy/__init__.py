"""Policy as data: the table of rules (``table.toml``), and what follows from it for one interview.

Pure functions of plain data. The keys of modalities and metrics are those of ``ml`` and ``analysis``, which a test
compares.
"""

from interviews.policy.decision import (
    CONSENT_RULE,
    ORGANIZATION_RULE,
    Decision,
    LeftOut,
    Setting,
    decide,
    is_looser,
    without,
)
from interviews.policy.keys import TRANSCRIPT, Audience, Jurisdiction, Purpose
from interviews.policy.table import TABLE, Rule, Table

__all__ = [
    "CONSENT_RULE",
    "ORGANIZATION_RULE",
    "TABLE",
    "TRANSCRIPT",
    "Audience",
    "Decision",
    "Jurisdiction",
    "LeftOut",
    "Purpose",
    "Rule",
    "Setting",
    "Table",
    "decide",
    "is_looser",
    "without",
]
