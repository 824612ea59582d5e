"""The transcript's state as text for the page, with the possible actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

ACTIVE: Final = ("queued", "running")

STATES: Final[dict[str, dict[str, str]]] = {
    "none": {
        "title": "No transcript yet",
        "advice": "The candidate agreed to a transcript. It is made once the analysis has finished, or when you ask"
        " for it.",
        "start": "Make the transcript",
    },
    "impossible": {"title": "No transcript", "advice": "", "start": ""},
    "not_agreed": {
        "title": "No transcript",
        "advice": "If the candidate agrees to one, the recording can be uploaded again with the box for it ticked.",
        "start": "",
    },
    "queued": {
        "title": "Waiting for a worker",
        "advice": "You may leave this page: the transcript will be here.",
        "start": "",
    },
    "running": {
        "title": "Making the transcript",
        "advice": "You may leave this page: the transcript will be here. The report does not wait for it.",
        "start": "",
    },
    "succeeded": {"title": "Transcript", "reason": "", "advice": "", "start": ""},
    "failed": {
        "title": "The transcript did not finish",
        "reason": "No reason was recorded.",
        "advice": "The recording and the report are not affected.",
        "start": "Try again",
    },
    "cancelled": {
        "title": "The transcript was cancelled",
        "advice": "You can start it again at any time.",
        "start": "Make the transcript",
    },
    "refused": {
        "title": "No transcript of this recording",
        "reason": "This recording could not be read as English speech.",
        "advice": "If English is spoken, say so under “Spoken language”, then try again.",
        "start": "Try again",
    },
}
"""By status, ``impossible`` for one that is missing and cannot be made: ``title``; ``reason``, where the transcript's
own is empty; ``advice``: the next step; ``start``: the text of the button that starts it."""


def transcript_present(transcript: Mapping[str, Any]) -> dict[str, Any]:
    """The state of a transcript (see ``analysis.selectors.transcripts``) with texts for the page, without sentences."""
    is_impossible = transcript["status"] == "none" and not transcript["can_start"]
    words = STATES["impossible" if is_impossible else transcript["status"]]
    names = ("status", "progress", "stage", "can_start", "can_cancel", "model", "created_at", "finished_at")
    return {
        **{name: transcript[name] for name in names},
        "title": words["title"],
        "reason": transcript["reason"] or words.get("reason", ""),
        "advice": words["advice"],
        "start": words["start"] if transcript["can_start"] else "",
        "is_active": transcript["status"] in ACTIVE,
        "is_ready": transcript["status"] == "succeeded",
    }
