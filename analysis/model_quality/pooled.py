"""Several results of one version pooled, each weighted by its observed time. Rows of ``ModalityResult`` and
``ShadowResult`` alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def shares_together(results: Iterable[Any]) -> dict[str, float]:
    """Share of the observed time of all ``results`` together per label, 0..1; empty when nothing was observed."""
    seconds: dict[str, float] = {}
    for result in results:
        for label, share in result.shares.items():
            seconds[label] = seconds.get(label, 0.0) + share * result.observed_s
    total_s = sum(seconds.values())
    return {label: observed_s / total_s for label, observed_s in seconds.items()} if total_s else {}


def confidence_together(results: Iterable[Any]) -> float | None:
    """Mean confidence over the observed time of all ``results``; None when none was kept."""
    kept = [(r.mean_confidence, r.observed_s) for r in results if r.mean_confidence is not None and r.observed_s]
    total_s = sum(observed_s for _, observed_s in kept)
    return sum(mean * observed_s for mean, observed_s in kept) / total_s if total_s else None
