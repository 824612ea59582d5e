"""The status of a run in a recruiter's words."""

from __future__ import annotations

from typing import Final

STATUS_WORDS: Final = {
    "queued": "Queued",
    "running": "Analysing",
    "succeeded": "Report ready",
    "failed": "Failed",
    "cancelled": "Cancelled",
}


def status_word(status: str | None) -> str:
    """The word for the status of the latest run; None and "": there is no run."""
    return STATUS_WORDS.get(status or "", "Not analysed")
