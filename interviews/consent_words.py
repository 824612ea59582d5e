"""The words that stand beside the boxes, which are stored with each answer. Changed words are a new :data:`VERSION`."""

from datetime import datetime
from typing import Final

from interviews.notice import PICTURES

VERSION: Final = "2026-11-28.2"
LANGUAGE: Final = "en"

UPLOAD: Final = (
    "The candidate was informed that this recording is analysed by software for facial expression, eye emotion,"
    " eye gaze and speech emotion, and agreed to it."
)
UPLOAD_TRANSCRIPT: Final = (
    "The candidate was informed that software writes a transcript of what is said on this recording, and agreed to it."
)


def own_page_words(organization: str) -> dict[str, str]:
    """What a candidate of ``organization`` reads on the own page, by purpose; an answer is yes or no to it."""
    return {
        "recording": f"{organization} may keep the recording of this interview, with sound and picture.",
        "face": "Software may read facial expression from the recording.",
        "eyes": "Software may read the emotion around my eyes, and where I look, from the recording.",
        "voice": "Software may read the emotion in my voice from the recording.",
        "transcript": "Software may write down what is said on the recording.",
        "sharing": f"{organization} may show the report to people outside it, by a link that ends.",
        "training": (
            f"Where people of {organization} say that software has read something wrongly, they may use these"
            " corrections, with the seconds of the recording that they are about, to train such software."
        ),
    }


def kept_words(organization: str) -> str:
    """What a candidate of ``organization`` agrees to who stops the recording in mid-call and has it kept."""
    return (
        f"What was recorded of me until now may be kept by {organization} for the time stated above, and people of the"
        " organization can watch it. Nothing more is recorded."
    )


def hold_words(organization: str, until: datetime) -> str:
    """What a candidate of ``organization`` is told who has something erased while a legal hold stands."""
    return (
        f"{organization} has a legal duty to keep what is stored of this interview, until {until:%-d %B %Y} at present."
        " So what you take back is not erased yet: it is set apart and shown to nobody, and erased once that duty has"
        " ended."
    )


def room_words(organization: str) -> dict[str, str]:
    """What a candidate of ``organization`` reads in the live room, by box.

    ``face``, ``eyes`` and ``voice`` are parts of ``analysis``, each with a box of its own below it.
    """
    return {
        "recording": (
            f"I agree that {organization} records this interview with sound and picture and keeps the recording for the"
            f" time stated above. People of the organization can watch it. {PICTURES} I can take this back at any time."
        ),
        "analysis": (
            "I agree that software analyses the recording, and the call while it lasts, for facial expression, eye"
            f" emotion, eye gaze and speech emotion, and shows the results to people of {organization}. The results"
            " describe behaviour on the recording; no decision is made by the software."
        ),
        "face": "My face: facial expression.",
        "eyes": "My eyes: the emotion around them, and where I look.",
        "voice": "My voice: the emotion in it.",
        "sharing": (
            f"I agree that {organization} shows the report to people outside it who take part in this application, by a"
            " link that ends."
        ),
        "transcript": (
            "I agree that software writes down what is said on the recording, word by word, if English is spoken, and"
            f" shows this transcript to people of {organization}. It can contain errors, which they can correct;"
            " deleting the recording deletes it."
        ),
    }
