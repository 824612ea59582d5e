"""The four nonverbal metrics: pure functions of the four timelines and the question marks.

Standard library only, because the web process recomputes them when a recruiter moves a question mark. The numbers
describe behaviour on a recording; they are not added up, ranked or worded as a verdict. :class:`Definition` says
exactly how each is computed.
"""

import bisect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.metrics import evidence_text
from analysis.metrics.intervals import Episode, Span, at_least, clip, form_episodes, group, intersection, total_s, union
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION, MODALITIES, SPEECH_EMOTION
from ml.timeline import Observation, Timeline

ATTENTIVENESS: Final = "attentiveness"
DEEP_THINKING: Final = "deep_thinking"
CONFIDENCE: Final = "confidence"
POTENTIAL_LIE: Final = "potential_lie"
METRICS: Final = (ATTENTIVENESS, DEEP_THINKING, CONFIDENCE, POTENTIAL_LIE)


@dataclass(frozen=True, slots=True)
class Definition:
    """How the metrics are computed: every parameter, under a version that a report keeps.

    Common rules
        - Observations are cut at the recording's end. Seconds of a label are seconds of its observations; a time
          without observation counts nowhere.
        - An *episode* is a run of observations of one kind, from its first start to its last end. Any other observed
          label ends it. A hole in it is bridged if it is shorter than ``gap_s`` and no ``unknown`` stretch in it
          (blink, eyes not readable) reaches ``blink_s``; bridged time belongs to the episode's duration.
        - A face or eye label is a *signal* at a confidence of ``signal_confidence`` or more. Gaze and voice labels
          count at any confidence.
        - Face coverage is the larger of the coverages of facial expression and eye emotion: either one shows that
          the face was seen, also where the other recogniser was unavailable.

    attentiveness = max(0, contact_s - away_weight x prolonged_away_s) / observed_gaze_s
        contact_s: seconds of gaze in the center. prolonged_away_s: the durations of the away episodes (any other gaze
        label, directions may change inside one) of ``prolonged_away_s`` or more. Needs a gaze coverage of
        ``min_face_coverage``.

    deep_thinking = sum of reflection seconds / sum of the seconds that could be filled, over all questions
        A question's reaction time is ``reaction_s`` from its mark, cut at the next mark and the recording's end. The
        signal is the earliest surprise episode, of the face or of the eyes, of which ``surprise_s`` lie in the
        reaction time; it appears where the episode begins, or at the mark if it had begun before. From there on,
        for ``reflection_s``, cut at the next mark and the end, away time is counted until the gaze returns: until
        the start of the first center episode of ``return_s`` that follows a look away. Shorter glances back are
        neither counted nor a return. The seconds that could be filled are those ``reflection_s``, cut likewise,
        from the signal, or from the mark where no signal appears: such a question counts with no reflection.
        Marks outside the recording and repeated marks are ignored. Needs question marks, and gaze and face coverage
        of ``min_face_coverage``.

    confidence = max(0, steady_s - undesired_s) / speech_s
        steady_s: speech labelled ``steady_voice``. undesired_s: speech, whatever its label, during which the face or
        the eyes signal ``undesired``. Needs ``min_speech_s`` of speech, and face coverage: without a face nothing
        could be discounted and the value would flatter.

    potential_lie = counted_s / speech_s
        A disturbance is an episode of speech not labelled ``steady_voice`` lasting ``disturbance_s`` or more (a pause
        of ``gap_s`` ends it). It follows calm if the steady speech since the last other-labelled speech, pauses not
        counted, amounts to ``calm_before_s``. It is accompanied if the face or the eyes signal anything other than
        ``unremarkable`` during ``accompanied_share`` of its speech. Its speech seconds then count. Needs the same
        as confidence.
    """

    version: str = "v1"
    blink_s: float = 0.4
    gap_s: float = 0.5
    signal_confidence: float = 0.5
    min_face_coverage: float = 0.4
    min_speech_s: float = 10.0
    center: str = "center"
    prolonged_away_s: float = 2.0
    away_weight: float = 0.5
    surprise: frozenset[str] = frozenset({"surprise"})
    reaction_s: float = 8.0
    surprise_s: float = 0.3
    reflection_s: float = 15.0
    return_s: float = 1.0
    steady_voice: frozenset[str] = frozenset({"neutral", "calm", "happy"})
    undesired: frozenset[str] = frozenset({"disgust", "anger", "angry"})
    calm_before_s: float = 3.0
    disturbance_s: float = 6.0
    accompanied_share: float = 0.5
    unremarkable: frozenset[str] = frozenset({"neutral", "happy", "happiness"})


V1: Final = Definition()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One stretch of the recording behind a number; ``text`` says in plain words what is seen or heard there."""

    start_s: float
    end_s: float
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: ``value`` 0..1, or None with a ``reason``.

    ``definition`` is the version that made it; ``coverage`` the share of the recording that the metric could see:
    the time with a readable gaze (attentiveness, deep_thinking) or with speech (confidence, potential_lie).
    """

    key: str
    value: float | None
    reason: str
    definition: str
    evidence: tuple[Evidence, ...]
    coverage: float | None


def metrics_compute(
    *,
    timelines: Mapping[str, Timeline],
    questions_s: Sequence[float],
    duration_s: float,
    definition: Definition = V1,
) -> dict[str, Metric]:
    """All four metrics by key, in the order of :data:`METRICS`; evidence is ordered by time.

    ``timelines`` by modality key (a missing one counts as empty); ``questions_s`` the question marks in seconds, in
    any order; ``duration_s`` the recording's length. Takes time linear in the number of observations.
    """
    recording = _Recording(timelines, duration_s, definition)
    return {
        ATTENTIVENESS: _attentiveness(recording),
        DEEP_THINKING: _deep_thinking(recording, questions_s),
        CONFIDENCE: _confidence(recording),
        POTENTIAL_LIE: _potential_lie(recording),
    }


class _Recording:
    """The timelines as the metrics see them: cut at the end, with what more than one metric needs."""

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

    def metric(self, key: str, value: float, evidence: Sequence[Evidence]) -> Metric:
        ordered = tuple(sorted(evidence, key=lambda e: (e.start_s, e.end_s)))
        bounded = min(1.0, max(0.0, value))
        return Metric(key, bounded, "", self.definition.version, ordered, self._seen(key))

    def no_metric(self, key: str, reason: str) -> Metric:
        return Metric(key, None, reason, self.definition.version, (), self._seen(key))

    def _seen(self, key: str) -> float:
        return self.coverage(EYE_GAZE if key in (ATTENTIVENESS, DEEP_THINKING) else SPEECH_EMOTION)

    def lacks_gaze(self) -> str:
        return self._lacks_coverage("the gaze could be read", self.coverage(EYE_GAZE))

    def lacks_face(self) -> str:
        seen = max(self.coverage(FACIAL_EXPRESSION), self.coverage(EYE_EMOTION))
        return self._lacks_coverage("the face could be read", seen)

    def lacks_speech(self) -> str:
        least_s = self.definition.min_speech_s
        if at_least(self.speech_s, least_s):
            return ""
        found_s = math.floor(self.speech_s * 10) / 10
        found = f"{found_s:.1f} s of speech were found" if self.speech else "no speech was found"
        return f"not enough data: {found}, {least_s:g} s are needed"

    def _lacks_coverage(self, what: str, share: float) -> str:
        least = self.definition.min_face_coverage
        if at_least(share, least):
            return ""
        needed = round(least * 100)
        seen = min(round(share * 100), needed - 1)  # 39.7 % is not enough, and must not read as 40
        return f"not enough data: {what} for {seen} % of the recording, {needed} % are needed"


def _spans(stretches: Iterable[Observation | Episode]) -> list[Span]:
    return [(stretch.start_s, stretch.end_s) for stretch in stretches]


def _attentiveness(recording: _Recording) -> Metric:
    definition = recording.definition
    if lacking := recording.lacks_gaze():
        return recording.no_metric(ATTENTIVENESS, lacking)
    contact_s = total_s(_spans(o for o in recording.gaze if o.label == definition.center))
    prolonged = [away for away in recording.away if at_least(away.duration_s, definition.prolonged_away_s)]
    prolonged_s = sum(away.duration_s for away in prolonged)
    value = max(0.0, contact_s - definition.away_weight * prolonged_s) / recording.gaze_s
    evidence = [Evidence(away.start_s, away.end_s, "look_away", evidence_text.look_away(away)) for away in prolonged]
    return recording.metric(ATTENTIVENESS, value, evidence)


def _deep_thinking(recording: _Recording, questions_s: Sequence[float]) -> Metric:
    definition = recording.definition
    if not questions_s:
        return recording.no_metric(DEEP_THINKING, "no questions are marked")
    marks = sorted({mark_s for mark_s in questions_s if 0 <= mark_s < recording.duration_s})
    if not marks:
        return recording.no_metric(DEEP_THINKING, "no questions are marked within the recording")
    if lacking := recording.lacks_gaze() or recording.lacks_face():
        return recording.no_metric(DEEP_THINKING, lacking)

    surprises = [(key, recording.surprises(key)) for key in (FACIAL_EXPRESSION, EYE_EMOTION)]
    center = recording.episodes(recording.gaze, lambda o: o.label == definition.center)
    returns_s = [e.start_s for e in center if at_least(e.duration_s, definition.return_s)]
    away = _spans(recording.away)
    reflected_s = fillable_s = 0.0
    evidence: list[Evidence] = []
    for mark_s, next_s in zip(marks, [*marks[1:], recording.duration_s], strict=True):
        signal = _first_surprise(surprises, (mark_s, min(mark_s + definition.reaction_s, next_s)), definition)
        from_s = signal.start_s if signal else mark_s
        window = (from_s, min(from_s + definition.reflection_s, next_s))
        fillable_s += window[1] - window[0]
        if signal is None:
            continue
        evidence.append(signal)
        reflection = _reflection(away, returns_s, window)
        if reflection:
            reflected_s += total_s(reflection)
            text = evidence_text.reflection(total_s(reflection))
            evidence.append(Evidence(reflection[0][0], reflection[-1][1], "reflection", text))
    return recording.metric(DEEP_THINKING, reflected_s / fillable_s, evidence)


def _first_surprise(
    surprises: Sequence[tuple[str, Sequence[Episode]]], window: Span, definition: Definition
) -> Evidence | None:
    """The earliest surprise in the window, the face's before the eyes' where both begin at once."""
    found: list[Evidence] = []
    for key, episodes in surprises:
        first = bisect.bisect_right(episodes, window[0], key=lambda e: e.end_s)
        for episode in episodes[first:]:
            start_s, end_s = max(episode.start_s, window[0]), min(episode.end_s, window[1])
            if start_s >= window[1]:
                break
            if at_least(end_s - start_s, definition.surprise_s):
                found.append(
                    Evidence(start_s, episode.end_s, "surprise", evidence_text.surprise(key, start_s - window[0]))
                )
                break
    return min(found, key=lambda e: e.start_s, default=None)


def _reflection(away: Sequence[Span], returns_s: Sequence[float], window: Span) -> list[Span]:
    """The looks away in the window, until the gaze has returned."""
    first = bisect.bisect_right(away, window[0], key=lambda span: span[1])
    looks = intersection(away[first : bisect.bisect_left(away, window[1], key=lambda span: span[0])], [window])
    if not looks:
        return []
    returned = bisect.bisect_left(returns_s, looks[0][0])
    until_s = returns_s[returned] if returned < len(returns_s) else math.inf
    return [look for look in looks if look[0] < until_s]


def _confidence(recording: _Recording) -> Metric:
    definition = recording.definition
    if lacking := recording.lacks_speech() or recording.lacks_face():
        return recording.no_metric(CONFIDENCE, lacking)
    steady_s = total_s(_spans(o for o in recording.speech if o.label in definition.steady_voice))
    shown = {
        key: recording.signals(key, lambda label: label in definition.undesired)
        for key in (FACIAL_EXPRESSION, EYE_EMOTION)
    }
    undesired = intersection(_spans(recording.speech), union(*map(_spans, shown.values())))
    value = max(0.0, steady_s - total_s(undesired)) / recording.speech_s

    unsteady = recording.episodes(recording.speech, lambda o: o.label not in definition.steady_voice)
    evidence = [Evidence(e.start_s, e.end_s, "unsteady", evidence_text.unsteady(e)) for e in unsteady]
    for spans in group(undesired, gap_s=definition.gap_s):
        text = evidence_text.undesired(evidence_text.labels_within(shown, spans), total_s(spans))
        evidence.append(Evidence(spans[0][0], spans[-1][1], "undesired", text))
    return recording.metric(CONFIDENCE, value, evidence)


def _potential_lie(recording: _Recording) -> Metric:
    definition = recording.definition
    if lacking := recording.lacks_speech() or recording.lacks_face():
        return recording.no_metric(POTENTIAL_LIE, lacking)
    shown = {
        key: recording.signals(key, lambda label: label not in definition.unremarkable)
        for key in (FACIAL_EXPRESSION, EYE_EMOTION)
    }
    remarkable = union(*map(_spans, shown.values()))
    counted_s = 0.0
    evidence: list[Evidence] = []
    for episode, calm_s in _disturbances(recording):
        if not at_least(episode.duration_s, definition.disturbance_s) or not at_least(calm_s, definition.calm_before_s):
            continue
        first = bisect.bisect_right(remarkable, episode.start_s, key=lambda span: span[1])
        last = bisect.bisect_left(remarkable, episode.end_s, key=lambda span: span[0])
        accompanied = intersection(episode.spans, remarkable[first:last])
        if not at_least(total_s(accompanied), definition.accompanied_share * episode.observed_s):
            continue
        counted_s += episode.observed_s
        text = evidence_text.incongruence(
            episode, calm_s, evidence_text.labels_within(shown, accompanied), total_s(accompanied)
        )
        evidence.append(Evidence(episode.start_s, episode.end_s, "incongruence", text))
    return recording.metric(POTENTIAL_LIE, counted_s / recording.speech_s, evidence)


def _disturbances(recording: _Recording) -> list[tuple[Episode, float]]:
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
