"""Why a stretch of a recording has no reading: the reasons of :class:`ml.timeline.Gap`.

One list for all modalities. The sentences for recruiters are in :mod:`analysis.reasons`. Standard library only.
"""

from typing import Final

NO_FACE: Final = "no_face"
STILL_PICTURE: Final = "still_picture"
"""A photo, a slide or a frozen picture: a face that never moves."""
OTHER_PERSON: Final = "other_person"
"""Somebody else is in view, or speaks, and the candidate is not or does not."""
SPEAKER_UNKNOWN: Final = "speaker_unknown"
"""Somebody speaks, and it cannot be determined whether it is the candidate."""
TURNED_AWAY: Final = "turned_away"
EYES_HIDDEN: Final = "eyes_hidden"
FACE_SMALL: Final = "face_small"
MOUTH_COVERED: Final = "mouth_covered"
"""A mask, a microphone, a sheet, a scarf or a hand is before the mouth."""
TOO_DARK: Final = "too_dark"
BLURRED: Final = "blurred"
FRAMES_MISSING: Final = "frames_missing"
"""The recorder took no pictures, or too few of them."""
SOUND_MISSING: Final = "sound_missing"
DAMAGED: Final = "damaged"
"""The file's data are broken here."""
SILENCE: Final = "silence"
MUSIC: Final = "music"
TOO_SHORT: Final = "too_short"
"""Speech in a piece too short to be classified."""

REASONS: Final = (
    NO_FACE,
    STILL_PICTURE,
    OTHER_PERSON,
    SPEAKER_UNKNOWN,
    TURNED_AWAY,
    EYES_HIDDEN,
    FACE_SMALL,
    MOUTH_COVERED,
    TOO_DARK,
    BLURRED,
    FRAMES_MISSING,
    SOUND_MISSING,
    DAMAGED,
    SILENCE,
    MUSIC,
    TOO_SHORT,
)
