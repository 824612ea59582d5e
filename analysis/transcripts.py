"""Rules of transcripts: whether one can be made, and the sentences offered as question marks.

Pure functions of rows; nothing here touches the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from interviews.models import Interview, Recording

NOT_AGREED: Final = "The candidate's agreement to a transcript is not stored with this recording, so none is made."
OTHER_LANGUAGE: Final = (
    "Another language than English is spoken in this interview, and a transcript can be made of English only."
)
NO_SOUND: Final = "This recording has no audio track, so there is nothing to write down."
NOT_ALLOWED: Final = "An administrator of the organization has switched transcripts off for interviews like this one."
NO_RECORDING: Final = "This interview has no recording yet."

QUESTION_NEAR_S: Final = 2.0
"""Largest distance of a question mark from the beginning of its question, in seconds."""


class ShownSentence(Protocol):
    """The displayed fields of a sentence: a protocol of :class:`analysis.models.TranscriptSentence`, saved or not."""

    start_s: float
    end_s: float
    text: str
    readable: bool
    reason: str

    @property
    def shown_text(self) -> str: ...


def obstacle(*, interview: Interview, recording: Recording | None, agreed: bool, is_allowed: bool = True) -> str:
    """Why no transcript can be made of the recording, as a sentence; empty when one can.

    ``agreed``: whether the candidate agrees to one. ``is_allowed``: whether policy does.
    """
    if recording is None:
        return NO_RECORDING
    if not is_allowed:
        return NOT_ALLOWED
    if not agreed:
        return NOT_AGREED
    if interview.spoken_language == Interview.SpokenLanguage.OTHER:
        return OTHER_LANGUAGE
    return "" if recording.has_audio else NO_SOUND


def is_question(text: str) -> bool:
    return text.rstrip("\"'”’)] ").endswith("?")


def questions_offered(sentences: Sequence[ShownSentence], *, marked_s: Iterable[float]) -> list[int]:
    """Positions in ``sentences`` of the questions that no mark in ``marked_s`` is within 2 s of."""
    marks = list(marked_s)
    return [
        position
        for position, sentence in enumerate(sentences)
        if is_question(sentence.shown_text)
        and all(abs(mark_s - sentence.start_s) > QUESTION_NEAR_S for mark_s in marks)
    ]
