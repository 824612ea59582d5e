"""Erases what policy no longer allows of a robustness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.models import AnalysisRun, Robustness
from interviews.policy import Decision


def robustness_prune(*, run: AnalysisRun, policy: Decision) -> None:
    """What is still measured is pruned at its end (:func:`measured_allowed`)."""
    for robustness in Robustness.objects.filter(run=run, status=Robustness.Status.SUCCEEDED):
        measured = {"own": robustness.own, "corrupted": robustness.corrupted}
        allowed = measured_allowed(measured, policy)
        if allowed != measured:
            Robustness.objects.filter(pk=robustness.pk).update(**allowed)


def measured_allowed(measured: Mapping[str, Any], policy: Decision) -> dict[str, Any]:
    """The columns of a result with what ``policy`` allows of ``own`` and ``corrupted``."""
    corrupted = {key: _allowed(readings, policy) for key, readings in measured["corrupted"].items()}
    return {**measured, "own": _allowed(measured["own"], policy), "corrupted": corrupted}


def _allowed(readings: Mapping[str, Any], policy: Decision) -> dict[str, Any]:
    return {
        part: {key: value for key, value in by_key.items() if policy.allows(key)} for part, by_key in readings.items()
    }
