"""Voice-face incongruence (the paper's "potential lie"): see :class:`analysis.metrics.definitions.Definition`."""

import bisect
from itertools import chain

from analysis.metrics import evidence_text
from analysis.metrics.definitions import POTENTIAL_LIE
from analysis.metrics.intervals import EPSILON_S, Episode, at_least
from analysis.metrics.metric import Evidence, Metric
from analysis.metrics.recording import ObservedRecording, spans_of
from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION
from ml.spans import Span, intersect, seconds, union


def potential_lie(recording: ObservedRecording) -> Metric:
    definition = recording.definition
    if lacking := recording.lacks_speech() or recording.lacks_face():
        return recording.no_metric(POTENTIAL_LIE, lacking)
    shown = {
        key: recording.signals(key, lambda label: label not in definition.unremarkable)
        for key in (FACIAL_EXPRESSION, EYE_EMOTION)
    }
    remarkable = union(chain.from_iterable(map(spans_of, shown.values())), join_s=EPSILON_S)
    counted: list[Span] = []
    evidence: list[Evidence] = []
    for episode, calm_s in _disturbances(recording):
        if not at_least(episode.duration_s, definition.disturbance_s) or not at_least(calm_s, definition.calm_before_s):
            continue
        first = bisect.bisect_right(remarkable, episode.start_s, key=lambda span: span[1])
        last = bisect.bisect_left(remarkable, episode.end_s, key=lambda span: span[0])
        accompanied = intersect(episode.spans, remarkable[first:last])
        if not at_least(seconds(accompanied), definition.accompanied_share * episode.observed_s):
            continue
        counted += episode.spans
        text = evidence_text.incongruence(
            episode, calm_s, evidence_text.labels_within(shown, accompanied), seconds(accompanied)
        )
        evidence.append(Evidence(episode.start_s, episode.end_s, "incongruence", text))
    terms = {"counted": counted, "speech": spans_of(recording.speech)}
    return recording.metric(POTENTIAL_LIE, seconds(counted) / recording.speech_s, evidence, terms)


def _disturbances(recording: ObservedRecording) -> list[tuple[Episode, float]]:
    """Every episode of other-labelled speech, with the seconds of steady speech directly before it."""
    steady_voice = recording.definition.steady_voice
    episodes = iter(recording.episodes(recording.speech, lambda o: o.label not in steady_voice))
    disturbances: list[tuple[Episode, float]] = []
    calm_s = 0.0
    episode = next(episodes, None)
    for o in recording.speech:
        if o.label in steady_voice:
            calm_s += o.duration_s
            continue
        if episode is not None and o is episode.parts[0]:
            disturbances.append((episode, calm_s))
            episode = next(episodes, None)
        calm_s = 0.0
    return disturbances
