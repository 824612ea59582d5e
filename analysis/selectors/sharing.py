"""What a shared page shows: the interview's document, reduced to the parts that were chosen."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from analysis.reporting.exports.paper import paper_context
from analysis.selectors.exports import interview_export
from interviews.models import ShareLink

Part = ShareLink.Part


def shared_page_present(*, share: ShareLink) -> dict[str, Any]:
    """The context of the page; without the candidate's address, and without anything of another interview."""
    parts = share.parts
    export = interview_export(interview=share.interview, user=AnonymousUser(), notes=Part.NOTES in parts)
    export["interview"]["candidate"]["email"] = ""
    export["interview"]["consents"] = {}
    if Part.READINGS not in parts:
        export["analysis"] = None
        export["left_out"] = []
    if Part.TRANSCRIPT not in parts:
        export["transcript"] = None
    return {
        **paper_context(export),
        "shows_recording": Part.RECORDING in parts and export["recording"] is not None,
        "shows_readings": Part.READINGS in parts,
    }
