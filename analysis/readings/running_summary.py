"""The running summary of a room: one distribution per modality and the four metrics, from its readings up to now.

Neighbouring readings that mean the same to every metric (same label, and confidence on the same side of the signal
threshold) are merged, so that an hour of interview stays small and is computed in a fraction of a second.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from analysis.metrics.computing import metrics_compute
from analysis.metrics.definitions import METRICS, V1
from ml.modalities import MODALITIES
from ml.recognizers import RECOGNIZERS
from ml.timeline import UNKNOWN, Observation, Timeline

_TOUCHING_S: Final = 0.002


@dataclass(slots=True)
class _Stretch:
    start_s: float
    end_s: float
    label: str
    confidence: float


@dataclass(slots=True)
class _Modality:
    stretches: list[_Stretch] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


class RunningSummary:
    """The readings of one room. Times are epoch seconds of the server; readings of a modality come in order."""

    def __init__(self) -> None:
        self._of = {key: _Modality() for key in MODALITIES}

    def add(self, modality: str, start_s: float, end_s: float, label: str, confidence: float) -> bool:
        """Add a reading of [start_s, end_s). False, and left out, where it overlaps an earlier one of its modality.

        That happens when the candidate is connected twice.
        """
        known = self._of[modality]
        last = known.stretches[-1] if known.stretches else None
        if end_s <= start_s or (last is not None and start_s < last.end_s - _TOUCHING_S):
            return False
        known.counts[label] = known.counts.get(label, 0) + 1
        known.seconds[label] = known.seconds.get(label, 0.0) + end_s - start_s
        signal = V1.signal_confidence
        if (
            last is not None
            and last.label == label
            and (last.confidence >= signal) == (confidence >= signal)
            and start_s - last.end_s <= _TOUCHING_S
        ):
            last.end_s = end_s
        else:
            known.stretches.append(_Stretch(start_s, end_s, label, confidence))
        return True

    def metrics(
        self,
        *,
        start_s: float,
        now_s: float,
        questions_s: Sequence[float] = (),
        metrics: Collection[str] = METRICS,
    ) -> dict[str, Any]:
        """The fields of :class:`analysis.live.parts.Summary`, as plain data, with these ``metrics``.

        ``start_s`` is second 0 of the room's clock, on which ``questions_s`` stand.
        """
        duration_s = max(0.0, now_s - start_s)
        timelines = {key: self._timeline(key, start_s) for key in MODALITIES}
        found = metrics_compute(timelines=timelines, questions_s=questions_s, duration_s=duration_s, metrics=metrics)
        return {
            "at_s": round(duration_s, 1),
            "values": {
                key: {
                    "value": _rounded(metric.value),
                    "reason": metric.reason,
                    "coverage": _rounded(metric.coverage),
                }
                for key, metric in found.items()
            },
            "distributions": {key: self._distribution(key, duration_s) for key in MODALITIES},
        }

    def _timeline(self, key: str, start_s: float) -> Timeline:
        observations: list[Observation] = []
        end_s = 0.0
        for stretch in self._of[key].stretches:
            begin_s, end_s = max(end_s, stretch.start_s - start_s), max(end_s, stretch.end_s - start_s)
            if end_s > begin_s:
                observations.append(Observation(begin_s, end_s, stretch.label, stretch.confidence))
        return Timeline(key, RECOGNIZERS[key].labels, tuple(observations))

    def _distribution(self, key: str, duration_s: float) -> dict[str, Any]:
        known = self._of[key]
        observed_s = sum(seconds for label, seconds in known.seconds.items() if label != UNKNOWN)
        return {
            "shares": {
                label: round(known.seconds.get(label, 0.0) / observed_s, 4) if observed_s else 0.0
                for label in RECOGNIZERS[key].labels
            },
            "counts": {**dict.fromkeys(RECOGNIZERS[key].labels, 0), **known.counts},
            "coverage": round(min(1.0, observed_s / duration_s), 4) if duration_s else 0.0,
            "observed_s": round(observed_s, 1),
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
