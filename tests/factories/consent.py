"""Consent events, without the pages that ask for them."""

from typing import Any


def agree(interview: Any, *purposes: str, given: bool = True, by: Any = None) -> None:
    """The candidate answers for each purpose; a recruiter wrote it down where there is one (``by``)."""
    from interviews.models import ConsentEvent
    from interviews.services.consent import consent_record

    how = ConsentEvent.How.RECORDED if by is not None else ConsentEvent.How.ROOM
    answers = dict.fromkeys(purposes, (given, "Agreed." if given else "Not agreed."))
    consent_record(interview=interview, answers=answers, how=how, recorded_by=by)
