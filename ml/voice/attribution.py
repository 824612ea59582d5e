"""Speaker attribution: whose speech the segments of voice activity are, by the candidate's mouth.

Three classes: the candidate, somebody else, and cannot be determined. A recording with one voice stays whole: somebody
else is assumed only where the mouth is seen not to speak, for long enough. Nor is it the candidate's where the mouth of
somebody else in view goes better with it. No voice is kept beyond one call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from ml.arrays import Bool, Float64
from ml.spans import Span, seconds, union
from ml.voice.articulation import runs
from ml.voice.steps import Steps
from ml.voice.timbre import VoiceFrames
from ml.voice.turns import Mouth, Turns, find_turns

CERTAIN: Final = 0.65
"""Probability from which a step is attributed to one of two speakers."""
MIN_OTHER_S: Final = 1.2
"""Without a stretch of somebody else of this length there is only one voice."""
MIN_OTHER_SHARE: Final = 0.05
"""The same for their share of the speech, unless one of their stretches is :data:`LONG_OTHER_S` long."""
LONG_OTHER_S: Final = 2.0
LARGE_SHARE: Final = 0.2
MUCH_S: Final = 4.0
"""Somebody else who speaks so long at once, for this share of the speech and these seconds in all, speaks much. Of a
few seconds one voice, too, divides into two that differ clearly."""
LISTENS: Final = 0.2
"""Mean evidence of the mouth up to which it listens in what is attributed to somebody else."""
MIN_CONTRAST: Final = 2.0
"""By how much the mouth's mean evidence in the candidate's speech exceeds that."""
MIN_VOICES_APART: Final = 0.6
"""Difference of the voice's mean evidence between the two from which they are two voices. One voice also divides, into
its loud and its soft speech for example, so that the mouth has to agree."""
LIVELY_LISTENS: Final = 0.9
LIVELY_CONTRAST: Final = 1.5
LIVELY_VOICES_APART: Final = 0.9
"""The same three where somebody else speaks much, with a voice that is clearly another one: the movements of somebody
who laughs as they listen are those of speech for a while."""
SURELY_STILL: Final = -2.0
"""Mean evidence of the mouth up to which it surely does not speak."""
SILENT_FACE: Final = -1.0
"""Mean evidence of the mouth in all the speech up to which the face is not the speaker's."""
SURELY_SILENT_FACE: Final = -1.5
"""The same, up to which it is surely somebody else's speech. Faces that speak have 2.1 or more in every 6 s of the
development set."""
MIN_SILENT_FACE_S: Final = 3.0
"""A face that never speaks, while somebody speaks for so long with the mouth in view, is not the speaker's."""
MIN_SEEN: Final = 0.5
"""Share of the speech with the mouth in view from which that holds."""
MIN_CHANNEL_EVIDENCE: Final = 1.0
"""Difference of the mouth's mean evidence between the speech of two channels from which it decides."""
MIN_CHANNEL_SEEN_S: Final = 2.0
"""Least seconds of a channel's speech with the mouth in view. The evidence of one moment is no mean."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose speech it is: spans ``candidate``, ``other`` and ``unknown``, each ascending. ``mouth_seen``: share of the
    speech during which the candidate's mouth was in view, 0..1."""

    candidate: tuple[Span, ...] = ()
    other: tuple[Span, ...] = ()
    unknown: tuple[Span, ...] = ()
    mouth_seen: float = 0.0

    @property
    def other_s(self) -> float:
        """Seconds of somebody else."""
        return seconds(self.other)

    @property
    def unknown_s(self) -> float:
        """Seconds that cannot be attributed."""
        return seconds(self.unknown)

    @property
    def is_one_voice(self) -> bool:
        return not self.other and not self.unknown


def attribute_voices(
    segments: Sequence[Span],
    frames: VoiceFrames,
    times_s: Float64,
    openness: Float64,
    others: Sequence[tuple[Float64, Float64]] = (),
) -> Attribution:
    """Of the ``segments`` of voice activity in one channel, with their ``frames``. The opening of the candidate's mouth
    ``openness`` (n,) was measured at ``times_s`` (n,). ``others`` are the same two of each other person in view."""
    segments = union(segments)
    turns = find_turns(segments, frames, times_s, openness)
    rivals = [Mouth.at(turns.steps.middles_s, *track, frames) for track in others]
    seen = turns.mouth.seen
    mouth_seen = _share(seen, turns.steps)
    if _has_second_voice(turns, seen):
        candidate, other = turns.probability >= CERTAIN, turns.probability <= 1 - CERTAIN
        if _goes_with_another_mouth(turns, candidate, rivals):
            candidate = np.zeros_like(candidate)
        return Attribution(
            _spans(turns.steps, candidate),
            _spans(turns.steps, other),
            _spans(turns.steps, ~candidate & ~other),
            mouth_seen,
        )
    if _is_silent_face(turns, seen, mouth_seen):
        is_sure = turns.mouth.evidence[seen].mean() <= SURELY_SILENT_FACE
        return Attribution(
            other=tuple(segments) if is_sure else (), unknown=() if is_sure else tuple(segments), mouth_seen=mouth_seen
        )
    if _goes_with_another_mouth(turns, np.ones_like(seen), rivals):
        return Attribution(unknown=tuple(segments), mouth_seen=mouth_seen)
    return Attribution(tuple(segments), mouth_seen=mouth_seen)


def attribute_channels(
    voices: Mapping[int, Sequence[Span]], frames: VoiceFrames, times_s: Float64, openness: Float64
) -> int | None:
    """The channel with the candidate's voice, or None where the mouth does not decide. ``voices`` are the segments of
    each channel's own speech; ``frames`` of all the speech and the mouth are as in :func:`attribute_voices`. It has to
    be in view for :data:`MIN_CHANNEL_SEEN_S` of each channel's speech."""
    means: dict[int, float] = {}
    for channel, segments in voices.items():
        others = [span for other, spans in voices.items() if other != channel for span in spans]
        steps = Steps.of(union(segments))
        alone = ~_overlaps(steps, others)
        mouth = Mouth.at(steps.middles_s, times_s, openness, frames)
        seen = alone & mouth.seen
        if steps.lengths_s[seen].sum() < MIN_CHANNEL_SEEN_S:
            return None
        means[channel] = float(mouth.evidence[seen].mean())
    best, second = sorted(means, key=lambda channel: -means[channel])[:2]
    is_clear = means[best] - means[second] >= MIN_CHANNEL_EVIDENCE and means[best] > SILENT_FACE
    return best if is_clear else None


def _has_second_voice(turns: Turns, seen: Bool) -> bool:
    """Whether the mouth speaks in some of the speech, and does not in stretches that are long enough, in which there is
    another voice."""
    speaks, other = turns.probability >= CERTAIN, turns.probability <= 1 - CERTAIN
    longest_s = max((end_s - start_s for start_s, end_s in _spans(turns.steps, other)), default=0.0)
    share, is_long = _share(other, turns.steps), longest_s >= LONG_OTHER_S
    if longest_s < MIN_OTHER_S or (share < MIN_OTHER_SHARE and not is_long):
        return False
    if not (np.any(other & seen) and np.any(speaks & seen)):
        return False
    evidence = turns.mouth.evidence
    listening = evidence[other & seen].mean()
    contrast = evidence[speaks & seen].mean() - listening
    if not turns.has_voices:
        return bool(listening <= SURELY_STILL and contrast >= MIN_CONTRAST)
    apart = turns.voice[speaks].mean() - turns.voice[other].mean()
    if listening <= LISTENS and contrast >= MIN_CONTRAST and apart >= MIN_VOICES_APART:
        return True
    speaks_much = is_long and share >= LARGE_SHARE and turns.steps.lengths_s[other].sum() >= MUCH_S
    is_lively = listening <= LIVELY_LISTENS and contrast >= LIVELY_CONTRAST and apart >= LIVELY_VOICES_APART
    return bool(speaks_much and is_lively)


def _is_silent_face(turns: Turns, seen: Bool, mouth_seen: float) -> bool:
    """Whether the mouth was seen not to speak during the speech as a whole."""
    if mouth_seen < MIN_SEEN or turns.steps.lengths_s[seen].sum() < MIN_SILENT_FACE_S:
        return False
    return bool(turns.mouth.evidence[seen].mean() <= SILENT_FACE and np.mean(turns.probability < 0.5) > MIN_SEEN)


def _goes_with_another_mouth(turns: Turns, credited: Bool, rivals: Sequence[Mouth]) -> bool:
    """Whether somebody else in view moves their mouth as in speech in what is ``credited`` to the candidate, and goes
    better with the speech as a whole. Both mouths move then, and it cannot be determined whose voice it is."""
    lengths_s = turns.steps.lengths_s
    total = float(turns.mouth.evidence @ lengths_s)
    return any(
        rival.evidence[credited & rival.seen].mean() > LIVELY_LISTENS and rival.evidence @ lengths_s > total
        for rival in rivals
        if np.any(credited & rival.seen)
    )


def _share(which: Bool, steps: Steps) -> float:
    total_s = float(steps.lengths_s.sum())
    return float(steps.lengths_s[which].sum()) / total_s if total_s else 0.0


def _spans(steps: Steps, which: Bool) -> tuple[Span, ...]:
    """The stretches of these steps, divided where a segment ends."""
    parts: list[Span] = []
    for first, last in runs(which):
        edges = [first, *(np.flatnonzero(np.diff(steps.segment[first:last])) + first + 1), last]
        parts += [(float(steps.starts_s[a]), float(steps.ends_s[b - 1])) for a, b in pairwise(edges)]
    return tuple(parts)


def _overlaps(steps: Steps, spans: Sequence[Span]) -> Bool:
    covered = np.zeros(steps.starts_s.size, np.bool_)
    for start_s, end_s in spans:
        covered |= (steps.starts_s < end_s) & (steps.ends_s > start_s)
    return covered
