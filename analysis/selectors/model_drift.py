"""The drift of a version, from the reports of its first weeks in service and of the last weeks."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from analysis.model_quality.drift import Drift, drift_between, no_drift, period_of
from analysis.models import ModalityResult, ModelVersion

WINDOW: Final = timedelta(days=28)
"""Length of both periods: the first four weeks in service, and the last four."""


def model_drift(*, version: ModelVersion) -> Drift:
    """Two queries; a version that was never active has no drift, only a note."""
    now = timezone.now()
    since = version.activated_at or version.created_at
    results = ModalityResult.objects.filter(model_version=version, available=True, run__status="succeeded")
    first = period_of(results.filter(run__finished_at__gte=since, run__finished_at__lt=since + WINDOW))
    recent = period_of(results.filter(run__finished_at__gte=max(now - WINDOW, since)))
    if version.activated_at is None:
        return no_drift(first, recent, "This version was never active, so there is nothing to compare.")
    if now < since + 2 * WINDOW:
        return no_drift(first, recent, f"The first comparison is possible on {since + 2 * WINDOW:%-d %B %Y}.")
    return drift_between(first, recent)
