"""The result type of all four recognisers.

Standard library only: the web process reads stored timelines to recompute metrics, and must not load the
recognisers for that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

UNKNOWN: Final = "unknown"
"""Label of an eye-gaze observation with closed or hidden eyes, such as a blink."""


class Observation(NamedTuple):
    """The result of one recogniser for ``[start_s, end_s)`` on the recording's own clock.

    ``probabilities`` is the whole calibrated vector in the order of the timeline's labels (empty for
    ``unknown``); ``confidence`` is the calibrated probability of ``label``, 0..1. A named tuple, because three hours
    have 300,000 of them: it is made in two thirds of a frozen dataclass's time.
    """

    start_s: float
    end_s: float
    label: str
    confidence: float
    probabilities: tuple[float, ...] = ()

    @classmethod
    def most_probable(
        cls, start_s: float, end_s: float, labels: Sequence[str], probabilities: Sequence[float]
    ) -> "Observation":
        """The observation of the label with the highest of these probabilities, which are in the order of ``labels``.
        The first label wins a tie."""
        best = max(range(len(labels)), key=probabilities.__getitem__)
        return cls(start_s, end_s, labels[best], probabilities[best], tuple(probabilities))

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s

    @property
    def is_observed(self) -> bool:
        return self.label != UNKNOWN


class Gap(NamedTuple):
    """A stretch ``[start_s, end_s)`` without a reading, and why: ``reason`` is a key of :mod:`ml.gaps`."""

    start_s: float
    end_s: float
    reason: str

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Timeline:
    """Observations of one modality, ordered by time and not overlapping.

    Time that no observation covers was not observed (no face, silence); it is never filled in. ``gaps`` says why, as
    far as it is known: ordered, not overlapping, and never over an observation that was read.
    """

    modality: str
    labels: tuple[str, ...]
    observations: tuple[Observation, ...] = field(default=())
    gaps: tuple[Gap, ...] = field(default=())

    def __post_init__(self) -> None:
        previous_end_s = 0.0
        for observation in self.observations:
            if observation.start_s < previous_end_s - 1e-6 or observation.end_s < observation.start_s:
                raise ValueError(
                    f"{self.modality}: observation [{observation.start_s}, {observation.end_s}) is out of order"
                )
            if observation.is_observed and observation.label not in self.labels:
                raise ValueError(f"{self.modality}: {observation.label!r} is not one of {self.labels}")
            previous_end_s = observation.end_s

    def gap_seconds(self) -> dict[str, float]:
        """Seconds without a reading by reason, the longest first."""
        seconds: dict[str, float] = {}
        for gap in self.gaps:
            seconds[gap.reason] = seconds.get(gap.reason, 0.0) + gap.duration_s
        return dict(sorted(seconds.items(), key=lambda item: -item[1]))

    @property
    def observed_s(self) -> float:
        """Observed seconds. ``unknown`` does not count."""
        return sum(o.duration_s for o in self.observations if o.is_observed)

    def coverage(self, duration_s: float) -> float:
        """Observed time over recording time, 0..1."""
        return min(1.0, self.observed_s / duration_s) if duration_s > 0 else 0.0

    def counts(self) -> dict[str, int]:
        """Observations per label, every label present; with ``unknown`` where the timeline has any."""
        counts = dict.fromkeys(self.labels, 0)
        for observation in self.observations:
            counts[observation.label] = counts.get(observation.label, 0) + 1
        return counts

    def shares(self) -> dict[str, float]:
        """Share of observed time per label; sums to 1, or is all zero when nothing was observed."""
        seconds = dict.fromkeys(self.labels, 0.0)
        for observation in self.observations:
            if observation.is_observed:
                seconds[observation.label] += observation.duration_s
        total_s = sum(seconds.values())
        return {label: s / total_s if total_s else 0.0 for label, s in seconds.items()}

    def rounded(self) -> "Timeline":
        """The timeline as it is stored: times to the millisecond, probabilities to 4 digits."""
        return replace(
            self,
            observations=tuple(
                Observation(
                    round(o.start_s, 3),
                    round(o.end_s, 3),
                    o.label,
                    round(o.confidence, 4),
                    tuple(round(p, 4) for p in o.probabilities),
                )
                for o in self.observations
            ),
            gaps=tuple(Gap(round(gap.start_s, 3), round(gap.end_s, 3), gap.reason) for gap in self.gaps),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data for the stored timeline file; times to the millisecond, probabilities to 4 digits."""
        rounded = self.rounded()
        return {
            "labels": list(self.labels),
            "observations": [
                [o.start_s, o.end_s, o.label, o.confidence, list(o.probabilities)] for o in rounded.observations
            ],
            "gaps": [[gap.start_s, gap.end_s, gap.reason] for gap in rounded.gaps],
        }

    @classmethod
    def from_json(cls, modality: str, data: Mapping[str, Any]) -> "Timeline":
        """The inverse of :meth:`to_json`; raises ``ValueError`` or ``KeyError`` on anything else."""
        rows: Iterable[Any] = data["observations"]
        return cls(
            modality=modality,
            labels=tuple(data["labels"]),
            observations=tuple(
                Observation(start, end, label, confidence, tuple(probabilities))
                for start, end, label, confidence, probabilities in rows
            ),
            gaps=tuple(Gap(*row) for row in data["gaps"]),
        )
