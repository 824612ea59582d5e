"""What policy leaves out of a report, and by which rule."""

from __future__ import annotations

from typing import Any

from interviews.policy import TABLE, Decision


def left_out_json(policy: Decision | None) -> list[dict[str, Any]]:
    """One object a rule: ``rule`` (its id), ``title``, ``sentence``, ``source``, ``url``, ``keys`` of modalities and
    metrics, and their ``names``. Empty without a policy, and where everything is allowed."""
    return [
        {
            "rule": one.rule.id,
            "title": one.rule.title,
            "sentence": one.rule.sentence,
            "source": one.rule.source,
            "url": one.rule.url,
            "keys": list(one.keys),
            "names": [TABLE.names[key] for key in one.keys],
        }
        for one in (policy.left_out if policy is not None else ())
    ]
