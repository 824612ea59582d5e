"""Confidence: see :class:`analysis.metrics.definitions.Definition`."""

from itertools import chain

from analysis.metrics import evidence_text
from analysis.metrics.definitions import CONFIDENCE
from analysis.metrics.intervals import EPSILON_S, group
from analysis.metrics.metric import Evidence, Metric
from analysis.metrics.recording import ObservedRecording, spans_of
from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION
from ml.spans import intersect, seconds, union


def confidence(recording: ObservedRecording) -> Metric:
    definition = recording.definition
    if lacking := recording.lacks_speech() or recording.lacks_face():
        return recording.no_metric(CONFIDENCE, lacking)
    steady = spans_of(o for o in recording.speech if o.label in definition.steady_voice)
    shown = {
        key: recording.signals(key, lambda label: label in definition.undesired)
        for key in (FACIAL_EXPRESSION, EYE_EMOTION)
    }
    undesired = intersect(
        spans_of(recording.speech), union(chain.from_iterable(map(spans_of, shown.values())), join_s=EPSILON_S)
    )
    value = max(0.0, seconds(steady) - seconds(undesired)) / recording.speech_s

    unsteady = recording.episodes(recording.speech, lambda o: o.label not in definition.steady_voice)
    evidence = [Evidence(e.start_s, e.end_s, "unsteady", evidence_text.unsteady(e)) for e in unsteady]
    for spans in group(undesired, gap_s=definition.gap_s):
        text = evidence_text.undesired(evidence_text.labels_within(shown, spans), seconds(spans))
        evidence.append(Evidence(spans[0][0], spans[-1][1], "undesired", text))
    terms = {"steady": steady, "undesired": undesired, "speech": spans_of(recording.speech)}
    return recording.metric(CONFIDENCE, value, evidence, terms)
