"""Drift: change in the results of a version since it came into service.

The label shares and confidences of two periods are compared by the population stability index. A difference does not
mean that the version is wrong. It means that its input has changed and should be examined.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.model_quality.pooled import confidence_together, shares_together
from analysis.models import ModalityResult

MINIMUM_REPORTS: Final = 20
"""Least number of reports in each period: with fewer, individual people dominate the difference."""
NOTICEABLE: Final = 0.1
MARKED: Final = 0.25
"""Population stability index from which a difference counts as noticeable and as marked: the customary bounds."""
SMALLEST_SHARE: Final = 0.001
"""Share used for an empty class, so that one second of a rare label does not give an infinite index."""


@dataclass(frozen=True, slots=True)
class Period:
    """``reports`` compared, ``observed_s`` in them, ``labels``: share of that time per label, ``confidences``: share
    per tenth of confidence, ``mean_confidence`` 0..1 or None."""

    reports: int
    observed_s: float
    labels: Mapping[str, float]
    confidences: tuple[float, ...]
    mean_confidence: float | None


@dataclass(frozen=True, slots=True)
class Drift:
    """The drift between two periods.

    ``label_index`` and ``confidence_index`` are population stability indices (0 = the same), None with too few reports.
    ``warning`` is a sentence where the periods differ, ``note`` a sentence on the state of the comparison.
    """

    at_activation: Period
    recent: Period
    label_index: float | None
    confidence_index: float | None
    warning: str
    note: str


def drift_between(first: Period, recent: Period) -> Drift:
    """The drift from ``first`` to ``recent``; only a note while either has too few reports."""
    if min(first.reports, recent.reports) < MINIMUM_REPORTS:
        counts = f"{first.reports} reports in its first four weeks and {recent.reports} in the last four"
        return no_drift(first, recent, f"There are {counts}; {MINIMUM_REPORTS} of each are needed to compare.")
    labels = list(dict.fromkeys([*first.labels, *recent.labels]))
    label_index = stability_index(
        [first.labels.get(label, 0.0) for label in labels], [recent.labels.get(label, 0.0) for label in labels]
    )
    confidence_index = (
        stability_index(first.confidences, recent.confidences) if first.confidences and recent.confidences else None
    )
    warning = _warning(label_index, confidence_index)
    note = "" if warning else "The last four weeks look like the first four weeks in service."
    return Drift(first, recent, label_index, confidence_index, warning, note)


def no_drift(first: Period, recent: Period, note: str) -> Drift:
    """Two periods that cannot be compared, for the reason in ``note``."""
    return Drift(first, recent, None, None, "", note)


def stability_index(expected: Sequence[float], found: Sequence[float]) -> float:
    """Population stability index of two distributions over the same classes: sum of (q - p) ln(q / p). 0 = equal."""
    total = 0.0
    for before, after in zip(expected, found, strict=True):
        p, q = max(before, SMALLEST_SHARE), max(after, SMALLEST_SHARE)
        total += (q - p) * math.log(q / p)
    return total


def _warning(label_index: float, confidence_index: float | None) -> str:
    parted = []
    if label_index >= NOTICEABLE:
        parted.append(("the labels it gives", label_index))
    if confidence_index is not None and confidence_index >= NOTICEABLE:
        parted.append(("how sure it is", confidence_index))
    if not parted:
        return ""
    how = "markedly" if max(index for _, index in parted) >= MARKED else "noticeably"
    what = " and ".join(words for words, _ in parted)
    return (
        f"In the last four weeks {what} differed {how} from its first four weeks in service. Look at recent recordings "
        "(light, cameras, microphones, languages) before trusting a comparison of old and new reports."
    )


def period_of(results: Iterable[ModalityResult]) -> Period:
    """The pooled figures of the ``results`` of one version."""
    kept = list(results)
    histogram = [0.0] * max((len(result.confidence_histogram) for result in kept), default=0)
    for result in kept:
        for index, observed_s in enumerate(result.confidence_histogram):
            histogram[index] += observed_s
    total_s = sum(histogram)
    return Period(
        reports=len(kept),
        observed_s=sum(result.observed_s for result in kept),
        labels=shares_together(kept),
        confidences=tuple(observed_s / total_s for observed_s in histogram) if total_s else (),
        mean_confidence=confidence_together(kept),
    )
