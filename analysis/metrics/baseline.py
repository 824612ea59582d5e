"""A person's own resting face and plain voice, and readings relative to it.

Recognisers are trained on many faces and voices, and read the resting face of some as angry or sad. From a calm
stretch of the recording (marked by the recruiter, or found) the person's *baseline* is estimated: the typical
probabilities while nothing in particular is expressed. Readings relative to it ask how far a moment departs from that
baseline, instead of from everybody's.

Pure functions of stored timelines, standard library only, like :mod:`analysis.metrics.computing`: they run when a
report is built, without a model. In log space ``relative = observed + weight * (reference - baseline)``: the bias
that the person's calm stretch shows against the average neutral sample is taken out, as in per-speaker normalisation of
log-likelihoods (Reynolds et al. 2000, test normalisation). ``weight`` grows with the length of the calm stretch, so
that a short one moves little.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION, SPEECH_EMOTION
from ml.timeline import Observation, Timeline

WITHIN_S: Final = 90.0
"""The calm stretch is looked for in the beginning of a recording, before much has been asked."""
FACE_STRETCH_S: Final = 8.0
SPEECH_STRETCH_S: Final = 9.0
"""Seconds of reading that make a stretch: three windows of speech."""
ENOUGH_S: Final = 5.0
"""With less reading than this nothing is called a baseline."""
HALF_WEIGHT_S: Final = 4.0
"""A calm stretch of this length is believed by half."""
FLOOR: Final = 1e-3
"""Probabilities below are taken for this: timelines keep four digits, and logarithms must not run away."""
SOURCES: Final = {
    FACIAL_EXPRESSION: FACIAL_EXPRESSION,
    EYE_EMOTION: FACIAL_EXPRESSION,
    SPEECH_EMOTION: SPEECH_EMOTION,
}
"""Modalities with a baseline, and the one whose timeline shows when the person is calm. Gaze has its calibration."""
LIVELY: Final = frozenset({"happy", "happiness", "surprise", "surprised"})
"""Held steadily, these are an expression and no resting face."""


@dataclass(frozen=True, slots=True)
class Calm:
    """A stretch ``[start_s, end_s)`` in which the person expressed nothing in particular."""

    start_s: float
    end_s: float
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Baseline:
    """Typical probabilities of a calm stretch, in the timeline's order of labels, from ``observed_s`` of reading."""

    calm: Calm
    observed_s: float
    probabilities: tuple[float, ...]

    @property
    def weight(self) -> float:
        """How far it is believed, 0..1."""
        return self.observed_s / (self.observed_s + HALF_WEIGHT_S)


@dataclass(frozen=True, slots=True)
class Relative:
    """One modality read relative to the person's baseline; ``timeline`` is None, with a reason, where it cannot be."""

    calm: Calm | None
    weight: float
    timeline: Timeline | None
    reason: str = ""


def calm_stretches(timelines: Mapping[str, Timeline]) -> dict[str, Calm]:
    """The calm stretches that can be found, by modality. Face and eyes share one: the face's, which has a neutral."""
    found = {}
    for modality, source in SOURCES.items():
        calm = find_calm(timelines[source]) if source in timelines else None
        if calm is not None:
            found[modality] = calm
    return found


def relatives_compute(
    *, timelines: Mapping[str, Timeline], calm: Mapping[str, Calm], references: Mapping[str, Sequence[float]]
) -> dict[str, Relative]:
    """Every modality that has emotions, relative to the baseline of its calm stretch.

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


def find_calm(timeline: Timeline) -> Calm | None:
    """The quietest stretch of reading at the beginning of a recording; None where there is too little to read.

    Faces: the stretch that changes least, unless it is a held smile or surprise. Voices: the first plain speech,
    because people rarely begin an interview with outbursts, and quietness of a label says little there.
    """
    readings = [o for o in timeline.observations if o.is_observed and o.probabilities and o.start_s < WITHIN_S]
    if timeline.modality == SPEECH_EMOTION:
        stretches = _stretches(readings, SPEECH_STRETCH_S)
        first = next(stretches, None)
        return _calm_of(first) if first else None
    quiet = [s for s in _stretches(readings, FACE_STRETCH_S) if not _is_lively(s, timeline.labels)]
    return _calm_of(min(quiet, key=_restlessness)) if quiet else None


def baseline_of(timeline: Timeline, calm: Calm) -> Baseline | None:
    """The baseline that a calm stretch gives for one modality; None when it holds too little reading of it."""
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
    """The same observations, each read relative to the person's baseline.

    ``reference`` are the typical probabilities of neutral samples of many people (the model version's own, from its
    manifest), in the order of the labels.
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
    return replace(observation, label=labels[best], confidence=moved[best], probabilities=moved)


def _normalised(logs: Sequence[float]) -> tuple[float, ...]:
    highest = max(logs)
    weights = [math.exp(value - highest) for value in logs]
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def _stretches(readings: Sequence[Observation], length_s: float) -> Iterator[list[Observation]]:
    """Every run of consecutive readings that holds ``length_s`` of reading, one per first reading, oldest first."""
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
    """Mean change from reading to reading: half the L1 distance, 0..1."""
    changes = [
        sum(abs(p - q) for p, q in zip(a.probabilities, b.probabilities, strict=True)) / 2 for a, b in pairwise(stretch)
    ]
    return sum(changes) / len(changes) if changes else 0.0


def _is_lively(stretch: Sequence[Observation], labels: Sequence[str]) -> bool:
    lively = [i for i, label in enumerate(labels) if label in LIVELY]
    return sum(o.probabilities[i] for o in stretch for i in lively) / len(stretch) >= 0.5


def _calm_of(stretch: Sequence[Observation]) -> Calm:
    return Calm(stretch[0].start_s, stretch[-1].end_s)


def _overlap_s(observation: Observation, calm: Calm) -> float:
    return max(0.0, min(observation.end_s, calm.end_s) - max(observation.start_s, calm.start_s))
