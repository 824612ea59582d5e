"""Words with their seconds, and how they are split into sentences: by punctuation and pauses."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

PAUSE_S: Final = 2.0
"""A longer pause ends a sentence, whatever its punctuation."""
LONGEST_S: Final = 30.0
"""A longer sentence ends after its next word: nobody can follow it beside the player."""

_END: Final = re.compile(r"[.?!…][\"'”’)\]]*$")
_ABBREVIATION: Final = re.compile(
    r"^[\"'“‘(\[]*(?:(?:mr|mrs|ms|dr|prof|st|jr|sr|vs|etc|inc|ltd|co|no|fig|approx|dept|e\.g|i\.e)"
    r"|[a-z](?:\.[a-z])*)\.$",
    re.IGNORECASE,
)
"""A word with a full stop that ends no sentence: titles, and letters such as those of "U.S." and initials."""
_LAST_LETTER: Final = re.compile(r"^[^a-zA-Z]*(?:[iaIA])\.$")
"""The exceptions among single letters: "so do I." """


@dataclass(frozen=True, slots=True)
class Word:
    """As recognised, with the space before it and the punctuation around it; ``probability`` 0..1."""

    start_s: float
    end_s: float
    text: str
    probability: float = 1.0


def ends_sentence(text: str) -> bool:
    """Whether a word ends its sentence."""
    word = text.strip()
    if not _END.search(word):
        return False
    return not _ABBREVIATION.match(word) or bool(_LAST_LETTER.match(word))


def sentences(words: Iterable[Word]) -> Iterator[tuple[Word, ...]]:
    """The words of each sentence, in order; every word is in exactly one."""
    pending: list[Word] = []
    for word in words:
        if pending and word.start_s - pending[-1].end_s > PAUSE_S:
            yield tuple(pending)
            pending = []
        pending.append(word)
        if ends_sentence(word.text) or word.end_s - pending[0].start_s > LONGEST_S:
            yield tuple(pending)
            pending = []
    if pending:
        yield tuple(pending)


def text_of(words: Sequence[Word]) -> str:
    """The words as one line of text, with single spaces."""
    return " ".join("".join(word.text for word in words).split())
