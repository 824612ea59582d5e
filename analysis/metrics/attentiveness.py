"""Attentiveness: see :class:`analysis.metrics.definitions.Definition`."""

from analysis.metrics import evidence_text
from analysis.metrics.definitions import ATTENTIVENESS
from analysis.metrics.intervals import at_least, total_s
from analysis.metrics.metric import Evidence, Metric
from analysis.metrics.recording import ObservedRecording, spans_of


def attentiveness(recording: ObservedRecording) -> Metric:
    definition = recording.definition
    if lacking := recording.lacks_gaze():
        return recording.no_metric(ATTENTIVENESS, lacking)
    contact_s = total_s(spans_of(o for o in recording.gaze if o.label == definition.center))
    prolonged = [away for away in recording.away if at_least(away.duration_s, definition.prolonged_away_s)]
    prolonged_s = sum(away.duration_s for away in prolonged)
    value = max(0.0, contact_s - definition.away_weight * prolonged_s) / recording.gaze_s
    evidence = [Evidence(away.start_s, away.end_s, "look_away", evidence_text.look_away(away)) for away in prolonged]
    return recording.metric(ATTENTIVENESS, value, evidence)
