"""Why a modality was not measured, or only in part: sentences for recruiters, shown beside its coverage.

Failures of a recogniser have theirs in :mod:`ml.failures`. Standard library only, as :mod:`analysis.metrics`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from analysis.metrics.definitions import V1
from ml import gaps

NO_FACE: Final = "No face was found in this recording."
ONLY_STILL: Final = "No live face was found in this recording: the only face in view is a picture that never moves."
NO_AUDIO: Final = "This recording has no audio track."
NARROW_BAND: Final = (
    "The sound is narrow-band (as on a telephone): the upper half of the voice is missing, and what is read from it is "
    "less certain."
)
NARROW_BAND_VOICE: Final = "less certain: the sound is narrow-band (as on a telephone)"
"""Beside a metric that rests on such a voice."""

GAP_WORDS: Final[Mapping[str, str]] = {
    gaps.NO_FACE: "no face in view",
    gaps.STILL_PICTURE: "a picture that stands still",
    gaps.OTHER_PERSON: "somebody else",
    gaps.SPEAKER_UNKNOWN: "not known who speaks",
    gaps.TURNED_AWAY: "face turned away",
    gaps.EYES_HIDDEN: "eyes closed or hidden",
    gaps.FACE_SMALL: "face too small in the picture",
    gaps.MOUTH_COVERED: "mouth covered",
    gaps.TOO_DARK: "too dark",
    gaps.BLURRED: "picture not sharp enough",
    gaps.FRAMES_MISSING: "no pictures in the recording",
    gaps.SOUND_MISSING: "no sound in the recording",
    gaps.DAMAGED: "recording damaged",
    gaps.SILENCE: "nobody speaks",
    gaps.MUSIC: "singing, music or tones",
    gaps.TOO_SHORT: "speech too short to read",
}
"""Each reason of :mod:`ml.gaps` beside its seconds. What the recorder did is worded as the recording's."""
_UNREAD: Final[Mapping[str, str]] = {
    gaps.TOO_DARK: "The picture was too dark to read the {part}",
    gaps.BLURRED: "The picture was not sharp enough to read the {part}",
    gaps.FACE_SMALL: "The face was too small in the picture to read the {part}",
    gaps.MOUTH_COVERED: "The mouth was covered, so the {part} could not be read",
    gaps.TURNED_AWAY: "The face was turned too far away to be read",
}
"""Why a face in view gave no reading: the light and the camera first, then the person."""
GAP_SHOWN_S: Final = 0.1
"""Shortest time without a reading that is listed beside the coverage. Less is the end of the last picture."""
UNREAD_NOTICED: Final = 0.05
"""From this share of the recording on, the reason mentions for how long a face in view could not be read."""
NOTICED_S: Final = 0.5
"""From so many seconds on, the reason mentions speech that is not the candidate's."""
_NOTHING_S: Final = 1e-6
"""Tolerance in seconds for rounding, when all of the speech was music."""


def gaps_in_words(gaps_s: Mapping[str, float]) -> list[tuple[str, float]]:
    """The words of each reason with its seconds, from seconds by reason (a key of :mod:`ml.gaps`)."""
    return [(GAP_WORDS[reason], seconds) for reason, seconds in gaps_s.items() if seconds >= GAP_SHOWN_S]


def face_unread(part: str, *, unread: Mapping[str, float]) -> str:
    """A face was found, but its ``part`` (face, eyes) could never be read. ``unread``: shares of the recording, 0..1,
    by reason (a key of :mod:`ml.gaps`)."""
    return _joined(f"A face was found, but the candidate's {part} could not be read.", *_unread(part, unread))


def face_read(part: str, *, visible: float, read: float, unread: Mapping[str, float], notice: str = "") -> str:
    """The limit of a reading of the face or eyes, as a sentence; empty without one.

    Shares of the recording, 0..1: the face was ``visible``, its ``part`` could be ``read``, it was ``unread`` for each
    reason (a key of :mod:`ml.gaps`). ``notice`` is the recogniser's own.
    """
    enough = V1.min_face_coverage
    coverage = ""
    if visible < enough:
        coverage = f"The face was visible for {visible * 100:.0f} % of the recording{_without_pictures(unread)}."
    elif read < enough:
        coverage = f"The {part} could be read for {read * 100:.0f} % of the recording."
    return _joined(coverage, *_unread(part, unread), notice)


def speech_read(
    *,
    is_silent: bool,
    speech_s: float,
    classified_s: float,
    musical_s: float,
    background_s: float,
    narrow_band: bool,
    other_s: float,
    unknown_s: float,
) -> str:
    """The limit of a reading of the speech, as a sentence; empty when the sound was good and the speech enough.

    In seconds: ``speech_s`` of the candidate's speech, of which ``classified_s`` was long enough to classify;
    ``other_s`` of somebody else's speech and ``unknown_s`` of speech that cannot be attributed; ``musical_s`` of
    singing, music or tones; ``background_s`` of other sound.
    """
    others = _joined(
        f"{other_s:.1f} s of speech are somebody else's and were left out." if other_s >= NOTICED_S else "",
        f"{unknown_s:.1f} s of speech were left out, because it cannot be determined who speaks."
        if unknown_s >= NOTICED_S
        else "",
    )
    if is_silent:
        speech = "The audio track is silent."
    elif speech_s < _NOTHING_S:
        if others:
            speech = _joined("No speech of the candidate was found.", others)
        elif musical_s:
            speech = f"No speech was found, only {musical_s:.1f} s of singing, music or tones."
        elif background_s:
            speech = f"No speech was found, only {background_s:.1f} s of other sound."
        else:
            speech = "No speech was found."
    elif not classified_s:
        speech = f"Only {speech_s:.1f} s of speech were found, in pieces too short to read an emotion from."
    elif classified_s < V1.min_speech_s:
        found_s = math.floor(classified_s * 10) / 10
        speech = f"Only {found_s:.1f} s of speech were found; what depends on the voice needs {V1.min_speech_s:.0f} s."
    else:
        speech = ""
    if speech_s < _NOTHING_S:
        return speech
    return _joined(
        speech,
        others,
        f"{musical_s:.1f} s of singing, music or tones were left out." if musical_s else "",
        f"{background_s:.1f} s of other sound were nearly as loud as the speech." if background_s else "",
        NARROW_BAND if narrow_band else "",
    )


def separate_channels(*, channels: Sequence[int], read: int | None, of: int) -> str:
    """People talk in these ``channels`` of the sound, counted from 0 ``of`` so many; ``read`` is the candidate's, None
    if it cannot be determined."""
    names = [_channel(channel, of) for channel in channels]
    where = f"Different people talk in separate channels of the sound ({' and '.join(names)})."
    if read is None:
        return f"{where} It cannot be determined which channel is the candidate's, so no voice was read."
    return (
        f"{where} The {_channel(read, of)} channel was read: its voice goes with the movement of the candidate's mouth."
        " Somebody else talks in the other."
    )


def _channel(number: int, of: int) -> str:
    return ("left", "right")[number] if of == 2 else f"{number + 1}."


def _without_pictures(unread: Mapping[str, float]) -> str:
    """The recorder's part in a face that was rarely seen."""
    share = unread.get(gaps.FRAMES_MISSING, 0.0) + unread.get(gaps.DAMAGED, 0.0)
    return f", which has no pictures for {share * 100:.0f} % of its time" if share >= UNREAD_NOTICED else ""


def _unread(part: str, shares: Mapping[str, float]) -> list[str]:
    return [
        f"{sentence.format(part=part)} for {shares[reason] * 100:.0f} % of the recording."
        for reason, sentence in _UNREAD.items()
        if shares.get(reason, 0.0) >= UNREAD_NOTICED
    ]


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
