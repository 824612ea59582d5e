"""The text of the metrics' evidence: it describes observations on the recording, without interpretation."""

import bisect
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from analysis.metrics.intervals import Episode
from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION
from ml.spans import Span, intersect
from ml.spans import seconds as total_s
from ml.timeline import Observation

Seconds = dict[tuple[str, str], float]
"""Seconds by (modality, label)."""

_DIRECTIONS: Final = {
    "top_left": "up and to the candidate's left",
    "top_center": "up",
    "top_right": "up and to the candidate's right",
    "center_left": "to the candidate's left",
    "center_right": "to the candidate's right",
    "bottom_left": "down and to the candidate's left",
    "bottom_center": "down",
    "bottom_right": "down and to the candidate's right",
}
_NOUNS: Final = {
    "angry": "anger",
    "happy": "happiness",
    "sad": "sadness",
    "fearful": "fear",
    "surprised": "surprise",
}
_PLACES: Final = {FACIAL_EXPRESSION: "in the face", EYE_EMOTION: "in the eyes"}


def look_away(episode: Episode) -> str:
    """``looked to the candidate's left for 2.8 s``; left and right are the candidate's own."""
    direction = _DIRECTIONS.get(main_label(episode), "away")
    if len(_label_seconds(episode.parts)) > 1:
        return f"looked away, mostly {direction}, for {episode.duration_s:.1f} s"
    return f"looked {direction} for {episode.duration_s:.1f} s"


def short_looks(episodes: Sequence[Episode], below_s: float) -> str:
    """``looked down 12 times, each for less than 2 s, 7.4 s in all``; the episodes have one main direction."""
    direction = _DIRECTIONS.get(main_label(episodes[0]), "away")
    together_s = sum(episode.duration_s for episode in episodes)
    return f"looked {direction} {len(episodes)} times, each for less than {below_s:g} s, {together_s:.1f} s in all"


def surprise(modality: str, after_s: float) -> str:
    return f"surprise {_PLACES[modality]} {after_s:.1f} s after the question"


def reflection(seconds: float) -> str:
    return f"looked away from the center for {seconds:.1f} s after the surprise"


def unsteady(episode: Episode) -> str:
    return f"voice read as {_voice(episode)} for {episode.observed_s:.1f} s"


def undesired(shown: Seconds, seconds: float) -> str:
    return f"{_signals(shown)} while speaking, for {seconds:.1f} s"


def incongruence(episode: Episode, calm_s: float, shown: Seconds, accompanied_s: float) -> str:
    return (
        f"after {calm_s:.1f} s of steady voice, voice read as {_voice(episode)} for {episode.observed_s:.1f} s, "
        f"with {_signals(shown)} during {accompanied_s:.1f} s of it"
    )


def labels_within(shown: Mapping[str, Sequence[Observation]], spans: Sequence[Span]) -> Seconds:
    """Seconds of each modality's labels inside the ordered spans."""
    shared: Seconds = {}
    for modality, observations in shown.items():
        first = bisect.bisect_right(observations, spans[0][0], key=lambda o: o.end_s)
        last = bisect.bisect_left(observations, spans[-1][1], key=lambda o: o.start_s)
        by_label: dict[str, list[Span]] = {}
        for o in observations[first:last]:
            by_label.setdefault(o.label, []).append((o.start_s, o.end_s))
        for label, labelled in by_label.items():
            if shared_s := total_s(intersect(labelled, spans)):
                shared[modality, label] = shared_s
    return shared


def main_label(episode: Episode) -> str:
    """The label with the longest time in the episode."""
    seconds = _label_seconds(episode.parts)
    return max(seconds, key=lambda label: seconds[label])


def _label_seconds(observations: Iterable[Observation]) -> dict[str, float]:
    seconds: dict[str, float] = {}
    for o in observations:
        seconds[o.label] = seconds.get(o.label, 0.0) + o.duration_s
    return seconds


def _voice(episode: Episode) -> str:
    seconds = _label_seconds(episode.parts)
    return _listed(sorted(seconds, key=lambda label: -seconds[label]))


def _signals(shown: Seconds) -> str:
    ordered = sorted(shown, key=lambda signal: -shown[signal])
    return _listed([f"{_NOUNS.get(label, label)} {_PLACES[modality]}" for modality, label in ordered])


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
