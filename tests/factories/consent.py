"""Consent events, without the pages that ask for them."""

from typing import Any


def agree(interview: Any, *purposes: str, given: bool = True, by: Any = None) -> None:
    """The candidate answers for each purpose. With ``by`` a recruiter wrote it down, with what shows it."""
    from interviews.models import ConsentEvent, ConsentEvidence
    from interviews.services.consent import consent_record

    how = ConsentEvent.How.RECORDED if by is not None else ConsentEvent.How.ROOM
    answers = dict.fromkeys(purposes, (given, "Agreed." if given else "Not agreed."))
    consent_record(interview=interview, answers=answers, how=how, recorded_by=by)
    if by is not None:
        words = "Said so before the first question."
        ConsentEvidence.objects.create(interview=interview, recorded_by=by, basis="spoken", words=words)
