"""What a transcript is for a reader: why there is none, its sentences beside the readings, its questions, its files.

Pure functions of rows and timelines; nothing here touches the database. API, report page, downloads and
``analyze_video`` all show what is built here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from analysis.models import Modality
from interviews.models import Consent, Interview, Recording
from ml.timeline import Observation, Timeline

NOT_AGREED: Final = "The candidate's agreement to a transcript is not stored with this recording, so none is made."
OTHER_LANGUAGE: Final = (
    "Another language than English is spoken in this interview, and a transcript can be made of English only."
)
NO_SOUND: Final = "This recording has no audio track, so there is nothing to write down."
NO_RECORDING: Final = "This interview has no recording yet."
UNREADABLE: Final = "[not readable]"

QUESTION_NEAR_S: Final = 2.0
"""A question mark this near to the beginning of a question is that question's."""
CUE_CHARACTERS: Final = 84
"""Two lines of 42, as captions are written."""


class ShownSentence(Protocol):
    """What is shown of a sentence; rows of :class:`analysis.models.TranscriptSentence` are such, saved or not."""

    start_s: float
    end_s: float
    text: str
    readable: bool
    reason: str

    @property
    def shown_text(self) -> str: ...


def obstacle(*, interview: Interview, recording: Recording | None) -> str:
    """Why no transcript can be made of the recording, as a sentence; empty when one can."""
    if recording is None:
        return NO_RECORDING
    if not is_agreed(recording):
        return NOT_AGREED
    if interview.spoken_language == Interview.SpokenLanguage.OTHER:
        return OTHER_LANGUAGE
    return "" if recording.has_audio else NO_SOUND


def is_agreed(recording: Recording) -> bool:
    consent: Consent | None = getattr(recording, "consent", None)
    return consent is not None and consent.covers_transcript


def is_question(text: str) -> bool:
    return text.rstrip("\"'”’)] ").endswith("?")


def sentences_json(
    sentences: Iterable[ShownSentence], *, timelines: Mapping[str, Timeline] | None = None
) -> list[dict[str, Any]]:
    """Each sentence with its seconds, its texts, and what voice and face were read as meanwhile.

    ``voice`` and ``face`` are None where nothing was observed, and without ``timelines``.
    """
    voice = _Lane(timelines.get(Modality.SPEECH_EMOTION) if timelines else None)
    face = _Lane(timelines.get(Modality.FACIAL_EXPRESSION) if timelines else None)
    return [
        {
            "start_s": round(sentence.start_s, 3),
            "end_s": round(sentence.end_s, 3),
            "text": sentence.shown_text,
            "original": sentence.text,
            "readable": sentence.readable,
            "reason": sentence.reason,
            "is_question": is_question(sentence.shown_text),
            "voice": voice.reading(sentence.start_s, sentence.end_s),
            "face": face.reading(sentence.start_s, sentence.end_s),
        }
        for sentence in sentences
    ]


def questions_offered(sentences: Sequence[ShownSentence], *, marked_s: Iterable[float]) -> list[int]:
    """Positions in ``sentences`` of the questions that no mark in ``marked_s`` is within 2 s of."""
    marks = list(marked_s)
    return [
        position
        for position, sentence in enumerate(sentences)
        if is_question(sentence.shown_text)
        and all(abs(mark_s - sentence.start_s) > QUESTION_NEAR_S for mark_s in marks)
    ]


def webvtt(sentences: Iterable[ShownSentence]) -> str:
    """Captions as WebVTT (W3C): cues of at most two lines' length, their markup escaped."""
    blocks = ["WEBVTT"]
    for sentence in sentences:
        for start_s, end_s, text in _cues(sentence):
            blocks.append(f"{clock(start_s)} --> {clock(end_s)}\n{_escaped(text)}")
    return "\n\n".join(blocks) + "\n"


def plain_text(sentences: Iterable[ShownSentence], *, heading: Sequence[str]) -> str:
    """One sentence a line behind its second, below the heading's lines."""
    lines = [f"[{clock(sentence.start_s)[:-4]}] {_shown(sentence)}" for sentence in sentences]
    return "\n".join([*heading, "", *lines]) + "\n"


def clock(second: float) -> str:
    """``hh:mm:ss.mmm``"""
    milliseconds = max(0, round(second * 1000))
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


class _Lane:
    """Which label was read for most of a span of time."""

    def __init__(self, timeline: Timeline | None) -> None:
        self._observations: tuple[Observation, ...] = timeline.observations if timeline is not None else ()
        self._ends = [observation.end_s for observation in self._observations]

    def reading(self, start_s: float, end_s: float) -> dict[str, Any] | None:
        """``label``, its mean ``confidence`` and the observed share of the span, ``coverage``; None for nothing."""
        seconds: dict[str, float] = {}
        confidences: dict[str, float] = {}
        for position in range(bisect_right(self._ends, start_s), len(self._observations)):
            observation = self._observations[position]
            if observation.start_s >= end_s:
                break
            shared_s = min(end_s, observation.end_s) - max(start_s, observation.start_s)
            if shared_s > 0 and observation.is_observed:
                label = observation.label
                seconds[label] = seconds.get(label, 0.0) + shared_s
                confidences[label] = confidences.get(label, 0.0) + shared_s * observation.confidence
        if not seconds:
            return None
        label = max(seconds, key=lambda key: seconds[key])
        return {
            "label": label,
            "confidence": round(confidences[label] / seconds[label], 4),
            "coverage": round(min(1.0, sum(seconds.values()) / (end_s - start_s)), 4),
        }


def _shown(sentence: ShownSentence) -> str:
    return " ".join(sentence.shown_text.split()) or UNREADABLE


def _cues(sentence: ShownSentence) -> Iterator[tuple[float, float, str]]:
    """A sentence in pieces that fit on the screen, each for as long as its share of the characters."""
    words = _shown(sentence).split()
    pieces: list[str] = []
    for word in words:
        if pieces and len(pieces[-1]) + 1 + len(word) <= CUE_CHARACTERS:
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    length_s = max(sentence.end_s - sentence.start_s, 0.001 * len(pieces))
    total, passed = sum(len(piece) for piece in pieces), 0
    for piece in pieces:
        start_s = round(sentence.start_s + length_s * passed / total, 3)
        passed += len(piece)
        end_s = round(sentence.start_s + length_s * passed / total, 3)
        yield start_s, max(end_s, start_s + 0.001), piece


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
