"""Readings of a run relative to a calm stretch of the same person: one reader's view, computed on request.

Nothing is stored: the stretch is part of the request, and whoever opens the report without it sees it as it was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from analysis.metrics.baseline import ENOUGH_S, SOURCES, Calm, Relative, calm_stretches, relatives_compute
from analysis.models import AnalysisRun, ModalityResult
from analysis.timelines import timelines_read
from interviews.errors import Refusal
from interviews.formatting import clock, clock_parse
from ml.class_prior import ClassPrior
from ml.spans import Span, intersect

CalmAsked = Calm | Literal["found"]
"""A marked stretch, or the wish that one is found."""

EXPRESSIVE: Final = frozenset({"unsteady", "undesired", "surprise", "incongruence"})
"""Kinds of evidence that a calm stretch must not have: those of face, eyes and voice. A look away is no expression."""


class BaselineRefused(Refusal):
    """The stretch cannot serve as a baseline."""

    def __init__(self, sentence: str) -> None:
        super().__init__("no_calm_stretch", sentence)


def calm_asked(query: Mapping[str, str]) -> CalmAsked | None:
    """What a query asks for: ``calm=found``, or ``calm_from`` and ``calm_to`` as ``0:05.0`` or seconds; None for
    nothing. Raises :class:`BaselineRefused` for what is no moment."""
    if query.get("calm") == "found":
        return "found"
    if not query.get("calm_from") and not query.get("calm_to"):
        return None
    start_s, end_s = (clock_parse(query.get(name, "")) for name in ("calm_from", "calm_to"))
    if start_s is None or end_s is None:
        raise BaselineRefused("Enter two moments of the recording, such as 0:05 and 0:15.")
    return Calm(start_s, end_s, is_marked=True)


def run_relatives(*, run: AnalysisRun, calm: CalmAsked) -> dict[str, Relative]:
    """Every emotion modality relative to its baseline, from the stored timelines.

    Raises :class:`BaselineRefused` where there is no such stretch, too short a one, or one with evidence in it, and
    :class:`analysis.timelines.TimelinesError` when the timelines cannot be read.
    """
    timelines = timelines_read(run.timeline_file.name or "", with_probabilities=True).timelines
    evidence = _expressive_evidence(run)
    if calm == "found":
        stretches = calm_stretches(timelines, avoid=[span for span, _ in evidence])
        if not stretches:
            raise BaselineRefused(
                "No calm stretch without evidence in it was found at the beginning of this recording. Mark one in "
                "which the person is at rest."
            )
    else:
        _check(run, calm, evidence)
        stretches = dict.fromkeys(SOURCES, calm)
    references = {
        result.modality: _reference(result)
        for result in run.modalities.select_related("model_version")
        if result.model_version is not None
    }
    return relatives_compute(timelines=timelines, calm=stretches, references=references)


def _check(run: AnalysisRun, calm: Calm, evidence: list[tuple[Span, str]]) -> None:
    duration_s = float(run.media_info.get("duration_s", 0.0))
    if calm.end_s <= calm.start_s:
        raise BaselineRefused("The calm stretch ends before it begins. Enter its first moment first.")
    if calm.end_s > duration_s + 0.5:
        raise BaselineRefused(f"The calm stretch must lie within the recording, which lasts {duration_s:.1f} s.")
    if calm.end_s - calm.start_s < ENOUGH_S:
        raise BaselineRefused(f"A calm stretch must last {ENOUGH_S:.0f} s or more.")
    for span, text in evidence:
        if intersect([span], [(calm.start_s, calm.end_s)]):
            raise BaselineRefused(
                f"This stretch is not calm: at {clock(span[0])} there is evidence in it ({text}). Choose one without."
            )


def _expressive_evidence(run: AnalysisRun) -> list[tuple[Span, str]]:
    items = [item for result in run.metrics.all() for item in result.evidence if item["kind"] in EXPRESSIVE]
    return sorted(((item["start_s"], item["end_s"]), item["text"]) for item in items)


def _reference(result: ModalityResult) -> Sequence[float]:
    """The neutral prior of the version, under the class prior that the readings were corrected for."""
    assert result.model_version is not None
    neutral: Sequence[float] = result.model_version.manifest.get("neutral", ())
    if not neutral or result.class_prior is None:
        return neutral
    return ClassPrior.from_json(result.class_prior).corrected(neutral)
