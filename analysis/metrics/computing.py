"""The four nonverbal metrics, computed from the four timelines and the question marks.

Standard library only, because the web process recomputes them when a recruiter moves a question mark.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from analysis.metrics.attentiveness import attentiveness
from analysis.metrics.confidence import confidence
from analysis.metrics.deep_thinking import deep_thinking
from analysis.metrics.definitions import (
    ATTENTIVENESS,
    CONFIDENCE,
    DEEP_THINKING,
    METRICS,
    POTENTIAL_LIE,
    V1,
    Definition,
)
from analysis.metrics.metric import Metric
from analysis.metrics.potential_lie import potential_lie
from analysis.metrics.recording import ObservedRecording
from ml.timeline import Timeline


def metrics_compute(
    *,
    timelines: Mapping[str, Timeline],
    questions_s: Sequence[float],
    duration_s: float,
    definition: Definition = V1,
    metrics: Collection[str] = METRICS,
) -> dict[str, Metric]:
    """The ``metrics`` by key, in the order of ``METRICS``; their evidence is ordered by time.

    ``timelines`` by modality key (a missing one counts as empty); ``questions_s`` the question marks in seconds, in
    any order; ``duration_s`` the recording's length. Takes time linear in the number of observations.
    """
    recording = ObservedRecording(timelines, duration_s, definition)
    computed: dict[str, Callable[[], Metric]] = {
        ATTENTIVENESS: lambda: attentiveness(recording),
        DEEP_THINKING: lambda: deep_thinking(recording, questions_s),
        CONFIDENCE: lambda: confidence(recording),
        POTENTIAL_LIE: lambda: potential_lie(recording),
    }
    return {key: compute() for key, compute in computed.items() if key in metrics}
