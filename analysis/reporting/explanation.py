"""Why a metric has its value: its formula in words, and with this recording's seconds filled in.

Pure functions of :class:`analysis.metrics.metric.Metric`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from analysis.metrics.definitions import ATTENTIVENESS, CONFIDENCE, DEEP_THINKING, POTENTIAL_LIE, Definition
from analysis.metrics.metric import Metric
from analysis.reporting.lanes import JOINED_S, STRETCHES_MOST
from ml.spans import Span, seconds, union

TERM_NAMES: Final = {
    "contact": "gaze in the center",
    "prolonged_away": "look-aways of {prolonged_away_s:g} s or more",
    "gaze_read": "gaze read",
    "reflection": "looking away after a surprise",
    "fillable": "time it could have filled",
    "steady": "steady speech",
    "undesired": "speech with disgust or anger in face or eyes",
    "speech": "speech",
    "counted": "accompanied disturbances of the voice",
}
FORMULAS: Final = {
    ATTENTIVENESS: "({contact} − {away_weight} × {prolonged_away}) ÷ {gaze_read}",
    DEEP_THINKING: "{reflection} ÷ {fillable}",
    CONFIDENCE: "({steady} − {undesired}) ÷ {speech}",
    POTENTIAL_LIE: "{counted} ÷ {speech}",
}
"""The formulas of :class:`analysis.metrics.definitions.Definition`; none falls below 0."""


def explanation(metric: Metric, *, definition: Definition, from_s: float = 0.0) -> dict[str, Any]:
    """``formula`` in words, ``filled`` with the seconds, and the ``terms`` with their stretches (see
    :func:`stretches_json`); all empty without a value. ``from_s``: second of the recording at which the clock of the
    metric begins."""
    explained: dict[str, Any] = {
        "value": None if metric.value is None else round(metric.value, 4),
        "reason": metric.reason,
        "definition": metric.definition,
        "formula": "",
        "filled": "",
        "terms": [],
    }
    if metric.value is None:
        return explained
    weight = f"{definition.away_weight:g}"
    names = {key: name.format(prolonged_away_s=definition.prolonged_away_s) for key, name in TERM_NAMES.items()}
    lengths = {term.key: f"{term.seconds:.1f} s" for term in metric.terms}
    formula = FORMULAS[metric.key]
    return {
        **explained,
        "formula": formula.format(**names, away_weight=weight),
        "filled": f"{formula.format(**lengths, away_weight=weight)} = {metric.value:.2f}",
        "terms": [
            {
                "key": term.key,
                "name": names[term.key],
                **stretches_json(term.spans, from_s=from_s),
                "seconds": round(term.seconds, 3),
            }
            for term in metric.terms
        ],
    }


def stretches_json(spans: Iterable[Span], *, from_s: float = 0.0) -> dict[str, Any]:
    """``stretches`` ``[start_s, end_s, 0]``, the longest :data:`STRETCHES_MOST` in order of time, of ``count`` that
    last ``seconds`` together. ``from_s`` is added to the spans' clock."""
    found = union(spans)
    joined = union(found, join_s=JOINED_S)
    longest = sorted(sorted(joined, key=lambda span: span[0] - span[1])[:STRETCHES_MOST])
    return {
        "count": len(joined),
        "seconds": round(seconds(found), 3),
        "stretches": [[round(from_s + start_s, 3), round(from_s + end_s, 3), 0.0] for start_s, end_s in longest],
    }
