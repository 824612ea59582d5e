"""The timelines of one recording, prepared for the metrics."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from analysis.metrics.definitions import ATTENTIVENESS, DEEP_THINKING, Definition
from analysis.metrics.intervals import Episode, at_least, clip, form_episodes
from analysis.metrics.metric import Evidence, Metric, Term
from ml.gaps import OTHER_PERSON, SPEAKER_UNKNOWN
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION, MODALITIES, SPEECH_EMOTION
from ml.spans import Span
from ml.timeline import Observation, Timeline


class ObservedRecording:
    """The timelines cut at the recording's end, and intermediate values that several metrics use."""

    def __init__(self, timelines: Mapping[str, Timeline], duration_s: float, definition: Definition) -> None:
        self.duration_s = duration_s
        self.definition = definition
        self._observations = {key: clip(timelines[key], duration_s) if key in timelines else () for key in MODALITIES}
        self.gaze = self._observations[EYE_GAZE]
        self.speech = [o for o in self._observations[SPEECH_EMOTION] if o.is_observed]
        self._observed_s = {
            key: sum(o.duration_s for o in observations if o.is_observed)
            for key, observations in self._observations.items()
        }
        self.gaze_s = self._observed_s[EYE_GAZE]
        self.speech_s = self._observed_s[SPEECH_EMOTION]
        speech_gaps_s = timelines[SPEECH_EMOTION].gap_seconds() if SPEECH_EMOTION in timelines else {}
        self.other_speech_s = speech_gaps_s.get(OTHER_PERSON, 0.0)
        self.unattributed_speech_s = speech_gaps_s.get(SPEAKER_UNKNOWN, 0.0)
        self.away = self.episodes(self.gaze, lambda o: o.label != definition.center)

    def coverage(self, key: str) -> float:
        return min(1.0, self._observed_s[key] / self.duration_s) if self.duration_s > 0 else 0.0

    def episodes(self, observations: Sequence[Observation], matches: Callable[[Observation], bool]) -> list[Episode]:
        return form_episodes(observations, matches, blink_s=self.definition.blink_s, gap_s=self.definition.gap_s)

    def signals(self, key: str, matches: Callable[[str], bool]) -> list[Observation]:
        """Face or eye observations whose label matches, at a confidence that counts."""
        least = self.definition.signal_confidence
        return [o for o in self._observations[key] if o.is_observed and matches(o.label) and o.confidence >= least]

    def surprises(self, key: str) -> list[Episode]:
        definition = self.definition
        return self.episodes(
            self._observations[key],
            lambda o: o.label in definition.surprise and o.confidence >= definition.signal_confidence,
        )

    def metric(
        self, key: str, value: float, evidence: Sequence[Evidence], terms: Mapping[str, Iterable[Span]]
    ) -> Metric:
        """``terms``: the stretches of each quantity of the formula, by its key."""
        ordered = tuple(sorted(evidence, key=lambda e: (e.start_s, e.end_s)))
        bounded = min(1.0, max(0.0, value))
        quantities = tuple(Term(name, tuple(spans)) for name, spans in terms.items())
        return Metric(key, bounded, "", self.definition.version, ordered, self._seen(key), quantities)

    def no_metric(self, key: str, reason: str) -> Metric:
        return Metric(key, None, reason, self.definition.version, (), self._seen(key))

    def _seen(self, key: str) -> float:
        return self.coverage(covered_by(key))

    def lacks_gaze(self) -> str:
        return self._lacks_coverage("the gaze could be read", self.coverage(EYE_GAZE))

    def lacks_face(self) -> str:
        seen = max(self.coverage(FACIAL_EXPRESSION), self.coverage(EYE_EMOTION))
        return self._lacks_coverage("the face could be read", seen)

    def lacks_speech(self) -> str:
        """Why the candidate's speech is not enough; empty where it is."""
        if self.unattributed_speech_s > self.speech_s:
            return "not enough data: for most of the speech it cannot be determined whether it is the candidate's"
        least_s = self.definition.min_speech_s
        if at_least(self.speech_s, least_s):
            return ""
        found_s = math.floor(self.speech_s * 10) / 10
        whose = " of the candidate" if self.other_speech_s else ""
        found = f"{found_s:.1f} s of speech{whose} were found" if self.speech else f"no speech{whose} was found"
        return f"not enough data: {found}, {least_s:g} s are needed"

    def _lacks_coverage(self, what: str, share: float) -> str:
        least = self.definition.min_face_coverage
        if at_least(share, least):
            return ""
        needed = round(least * 100)
        seen = min(round(share * 100), needed - 1)  # 39.7 % is not enough and must not be shown as 40
        return f"not enough data: {what} for {seen} % of the recording, {needed} % are needed"


def covered_by(key: str) -> str:
    """The modality whose coverage is that of a metric."""
    return EYE_GAZE if key in (ATTENTIVENESS, DEEP_THINKING) else SPEECH_EMOTION


def spans_of(stretches: Iterable[Observation | Episode]) -> list[Span]:
    return [(stretch.start_s, stretch.end_s) for stretch in stretches]
