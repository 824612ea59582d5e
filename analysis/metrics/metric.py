"""A metric of one recording, with the evidence behind it."""

from dataclasses import dataclass

from ml.spans import Span, seconds


@dataclass(frozen=True, slots=True)
class Evidence:
    """One stretch of the recording that contributes to a metric; ``text`` describes the observation in plain words.

    ``spans``: the stretches of evidence that groups several, in seconds and in order. Empty where it is one stretch.
    """

    start_s: float
    end_s: float
    kind: str
    text: str
    spans: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """One quantity of a metric's formula, as the stretches of the recording that it adds up."""

    key: str
    spans: tuple[Span, ...]

    @property
    def seconds(self) -> float:
        return seconds(self.spans)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: ``value`` 0..1, or None with a ``reason``.

    ``definition`` is the version of the definition. ``coverage`` is the share of the recording with input for the
    metric: with a readable gaze (attentiveness, deep_thinking) or with speech (confidence, potential_lie). ``terms``
    are the quantities of its formula; empty without a value.
    """

    key: str
    value: float | None
    reason: str
    definition: str
    evidence: tuple[Evidence, ...]
    coverage: float | None
    terms: tuple[Term, ...] = ()
