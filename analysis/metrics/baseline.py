"""Per-person baseline of the emotion recognisers, and readings relative to it.

Recognisers are trained on many faces and voices, and classify the resting face of some people as angry or sad. From a
calm stretch of the recording (marked by the recruiter, or found automatically) the person's *baseline* is estimated:
the typical probabilities while nothing in particular is expressed. Relative readings measure the deviation from that
baseline instead of from the population's.

Pure functions of stored timelines, standard library only, like :mod:`analysis.metrics.computing`: they run when a
report is built, without a model. In log space ``relative = observed + weight * (reference - baseline)``: the bias
of the person's calm stretch against the average neutral sample is removed, as in per-speaker normalisation of
log-likelihoods (Reynolds et al. 2000, test normalisation). ``weight`` grows with the length of the calm stretch, so
that a short one has little effect.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION, SPEECH_EMOTION
from ml.spans import Span
from ml.timeline import Observation, Timeline

WITHIN_S: Final = 90.0
"""The calm stretch is searched in this first part of a recording, before most questions."""
FACE_STRETCH_S: Final = 8.0
SPEECH_STRETCH_S: Final = 9.0
"""Seconds of observed speech in a stretch: three windows."""
ENOUGH_S: Final = 5.0
"""Least observed seconds of a baseline."""
HALF_WEIGHT_S: Final = 4.0
"""Observed seconds of a calm stretch at which the baseline's weight is 0.5."""
FLOOR: Final = 1e-3
"""Lower bound of probabilities before the logarithm, because timelines keep only four decimals."""
SOURCES: Final = {
    FACIAL_EXPRESSION: FACIAL_EXPRESSION,
    EYE_EMOTION: FACIAL_EXPRESSION,
    SPEECH_EMOTION: SPEECH_EMOTION,
}
"""Modality with a baseline to the modality whose timeline finds the calm stretch. Gaze has its own calibration."""
LIVELY: Final = frozenset({"happy", "happiness", "surprise", "surprised"})
"""Labels that are an expression and not a resting face, even when held steadily."""


@dataclass(frozen=True, slots=True)
class Calm:
    """A stretch ``[start_s, end_s)`` in which the person expressed nothing in particular."""

    start_s: float
    end_s: float
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Baseline:
    """Typical probabilities of a calm stretch, in the timeline's order of labels, from ``observed_s`` seconds."""

    calm: Calm
    observed_s: float
    probabilities: tuple[float, ...]

    @property
    def weight(self) -> float:
        """Weight of the baseline, 0..1."""
        return self.observed_s / (self.observed_s + HALF_WEIGHT_S)


@dataclass(frozen=True, slots=True)
class Relative:
    """One modality read relative to the person's baseline; ``timeline`` is None, with a reason, where it cannot be."""

    calm: Calm | None
    weight: float
    timeline: Timeline | None
    reason: str = ""


def calm_stretches(timelines: Mapping[str, Timeline], *, avoid: Sequence[Span] = ()) -> dict[str, Calm]:
    """The calm stretches found, by modality. Face and eyes share that of the face, which has a neutral label. None of
    them touches a span of ``avoid``."""
    found = {}
    for modality, source in SOURCES.items():
        calm = find_calm(timelines[source], avoid=avoid) if source in timelines else None
        if calm is not None:
            found[modality] = calm
    return found


def relatives_compute(
    *, timelines: Mapping[str, Timeline], calm: Mapping[str, Calm], references: Mapping[str, Sequence[float]]
) -> dict[str, Relative]:
    """Every emotion modality relative to the baseline of its calm stretch.

    ``references`` by modality; empty or missing where a model version has none.
    """
    return {
        modality: _relative(timelines[modality], calm.get(modality), references.get(modality, ()))
        for modality in SOURCES
        if modality in timelines
    }


def _relative(timeline: Timeline, calm: Calm | None, reference: Sequence[float]) -> Relative:
    if not timeline.observations:
        return Relative(calm, 0.0, None, "Nothing was read here.")
    if len(reference) != len(timeline.labels):
        return Relative(calm, 0.0, None, "This model version has no neutral reference to compare with.")
    if calm is None:
        return Relative(None, 0.0, None, f"No calm stretch was found in the first {WITHIN_S:.0f} s.")
    baseline = baseline_of(timeline, calm)
    if baseline is None:
        return Relative(calm, 0.0, None, f"The calm stretch holds less than {ENOUGH_S:.0f} s that could be read.")
    return Relative(calm, baseline.weight, relative_timeline(timeline, baseline=baseline, reference=reference))


def find_calm(timeline: Timeline, *, avoid: Sequence[Span] = ()) -> Calm | None:
    """The calmest stretch at the beginning of a recording that touches no span of ``avoid``; None without one.

    Faces: the stretch with the least change, unless it is a held smile or surprise. Voices: the first stretch of
    speech, because people rarely begin an interview with outbursts, and a steady label is no sign of calm speech.
    """
    readings = [o for o in timeline.observations if o.is_observed and o.probabilities and o.start_s < WITHIN_S]
    if timeline.modality == SPEECH_EMOTION:
        first = next((s for s in _stretches(readings, SPEECH_STRETCH_S) if not _touches(s, avoid)), None)
        return _calm_of(first) if first else None
    quiet = [
        stretch
        for stretch in _stretches(readings, FACE_STRETCH_S)
        if not _touches(stretch, avoid) and not _is_lively(stretch, timeline.labels)
    ]
    return _calm_of(min(quiet, key=_restlessness)) if quiet else None


def baseline_of(timeline: Timeline, calm: Calm) -> Baseline | None:
    """The baseline of one modality from a calm stretch; None when too little was observed in it."""
    readings = [o for o in timeline.observations if o.is_observed and o.probabilities and _overlap_s(o, calm) > 0]
    observed_s = sum(_overlap_s(o, calm) for o in readings)
    if observed_s < ENOUGH_S:
        return None
    logs = [
        sum(_overlap_s(o, calm) * math.log(max(FLOOR, o.probabilities[i])) for o in readings) / observed_s
        for i in range(len(timeline.labels))
    ]
    return Baseline(calm, observed_s, _normalised(logs))


def relative_timeline(timeline: Timeline, *, baseline: Baseline, reference: Sequence[float]) -> Timeline:
    """The timeline with each observation relative to the person's baseline.

    ``reference`` are the typical probabilities of neutral samples of many people (from the manifest of the model
    version), in the order of the labels.
    """
    shift = [
        baseline.weight * (math.log(max(FLOOR, r)) - math.log(max(FLOOR, b)))
        for r, b in zip(reference, baseline.probabilities, strict=True)
    ]
    return replace(timeline, observations=tuple(_shifted(o, shift, timeline.labels) for o in timeline.observations))


def _shifted(observation: Observation, shift: Sequence[float], labels: Sequence[str]) -> Observation:
    if not observation.is_observed or not observation.probabilities:
        return observation
    moved = _normalised([math.log(max(FLOOR, p)) + s for p, s in zip(observation.probabilities, shift, strict=True)])
    best = max(range(len(moved)), key=moved.__getitem__)
    return observation._replace(label=labels[best], confidence=moved[best], probabilities=moved)


def _normalised(logs: Sequence[float]) -> tuple[float, ...]:
    highest = max(logs)
    weights = [math.exp(value - highest) for value in logs]
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def _stretches(readings: Sequence[Observation], length_s: float) -> Iterator[list[Observation]]:
    """Every run of consecutive observations of at least ``length_s``, one per first observation, oldest first."""
    end, held_s = 0, 0.0
    for start, first in enumerate(readings):
        while end < len(readings) and held_s < length_s - 1e-6:
            held_s += readings[end].duration_s
            end += 1
        if held_s < length_s - 1e-6:
            return
        yield list(readings[start:end])
        held_s -= first.duration_s


def _restlessness(stretch: Sequence[Observation]) -> float:
    """Mean change between consecutive observations: half the L1 distance (total variation distance), 0..1."""
    changes = [
        sum(abs(p - q) for p, q in zip(a.probabilities, b.probabilities, strict=True)) / 2 for a, b in pairwise(stretch)
    ]
    return sum(changes) / len(changes) if changes else 0.0


def _is_lively(stretch: Sequence[Observation], labels: Sequence[str]) -> bool:
    lively = [i for i, label in enumerate(labels) if label in LIVELY]
    return sum(o.probabilities[i] for o in stretch for i in lively) / len(stretch) >= 0.5


def _touches(stretch: Sequence[Observation], spans: Sequence[Span]) -> bool:
    return any(start_s < stretch[-1].end_s and end_s > stretch[0].start_s for start_s, end_s in spans)


def _calm_of(stretch: Sequence[Observation]) -> Calm:
    return Calm(stretch[0].start_s, stretch[-1].end_s)


def _overlap_s(observation: Observation, calm: Calm) -> float:
    return max(0.0, min(observation.end_s, calm.end_s) - max(observation.start_s, calm.start_s))
