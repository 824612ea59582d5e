"""The notice to candidates: who is responsible, why it is lawful, for how long, and what they can do.

An organization writes its own parts; what it leaves empty is filled by :data:`DEFAULTS`, which are complete.
"""

from dataclasses import dataclass
from typing import Final

PARTS: Final = {
    "controller": "Who is responsible",
    "contact": "Whom to ask",
    "legal_basis": "Why it is lawful",
    "period": "For how long",
    "rights": "What you can ask for",
    "complaint": "Where you can complain",
}
"""The parts that an organization may write, with their headings, in the order in which they are shown."""

DEFAULTS: Final = {
    "controller": "{organization}, which invited you or recorded the interview, decides what it is for and how.",
    "contact": "{owner}, {email}, or the data protection officer of {organization}, whom {owner} names to you.",
    "legal_basis": (
        "Your consent, for each purpose of its own (in the European Union: GDPR, Article 6(1)(a), and Article 9(2)(a)"
        " where readings say something about your health or origin). It is voluntary: without it the interview takes"
        " place all the same, and you have no disadvantage. You can take it back at any time; what was done before"
        " stays lawful."
    ),
    "period": (
        "{days} days. Then everything is erased by itself: recording, readings, transcript, notes, your name and your"
        " address. Earlier, within {erasure_days} days, when you ask for it."
    ),
    "rights": (
        "To see what is held, to get a copy, to have mistakes corrected, to have it erased, to restrict or object to"
        " its use, and to take your consent back. Your own page does most of this at once: the link of your invitation"
        " leads to it after the interview. No decision about you is made by software alone."
    ),
    "complaint": (
        "To the data protection authority of the place where you live or work, or where {organization} is; in the"
        " United States to the attorney general of your state."
    ),
}
PICTURES: Final = (
    "If no direct connection between the two browsers can be made, the server passes single pictures of you on to the"
    " interviewer. The newest stays in its memory for five seconds, and is never written to a disk."
)
"""About the picture that a live room shows where there is no peer connection."""
MAXIMUM_LENGTH: Final = 2000


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice as it is shown: its number (0: the defaults alone), and heading and text of each part."""

    number: int
    parts: tuple[tuple[str, str], ...]


def notice_of(own: dict[str, str], *, number: int, facts: dict[str, str]) -> Notice:
    """The notice with an organization's ``own`` texts by part; ``facts`` fill the names in the defaults."""
    texts = {part: own.get(part, "").strip() or DEFAULTS[part].format(**facts) for part in PARTS}
    return Notice(number, tuple((PARTS[part], text) for part, text in texts.items()))
