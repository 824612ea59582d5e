"""A transcript as files: captions (WebVTT) and plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from analysis.transcripts import ShownSentence

UNREADABLE: Final = "[not readable]"
CUE_CHARACTERS: Final = 84
"""Characters of a cue: two lines of 42, as is customary for captions."""


def webvtt(sentences: Iterable[ShownSentence], *, heading: Sequence[str] = ()) -> str:
    """Captions as WebVTT (W3C): cues of at most two lines' length, their markup escaped; the heading's lines as a
    comment, which players do not show."""
    blocks = ["WEBVTT"]
    if heading:
        blocks.append("\n".join(["NOTE", *(_escaped(" ".join(line.split())) for line in heading)]))
    for sentence in sentences:
        for start_s, end_s, text in _cues(sentence):
            blocks.append(f"{clock(start_s)} --> {clock(end_s)}\n{_escaped(text)}")
    return "\n\n".join(blocks) + "\n"


def plain_text(sentences: Iterable[ShownSentence], *, heading: Sequence[str]) -> str:
    """Plain text: the heading's lines, then one sentence a line after its time."""
    lines = [f"[{clock(sentence.start_s)[:-4]}] {_shown(sentence)}" for sentence in sentences]
    return "\n".join([*heading, "", *lines]) + "\n"


def clock(second: float) -> str:
    """``hh:mm:ss.mmm``"""
    milliseconds = max(0, round(second * 1000))
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


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
