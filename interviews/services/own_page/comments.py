"""What candidates say about their report."""

from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews.models import AuditEntry, CandidateComment, Interview
from interviews.services.audit import audit_append
from interviews.services.own_page.telling import organization_tell

MAXIMUM_COMMENTS: Final = 50
MAXIMUM_LENGTH: Final = 2000


@transaction.atomic
def comment_add(*, interview: Interview, text: str) -> CandidateComment:
    """Add a comment; people of the organization see it beside the report. Raises ``ValidationError`` (``text``)."""
    text = text.strip()
    if not text or len(text) > MAXIMUM_LENGTH:
        raise ValidationError({"text": f"Write a comment of at most {MAXIMUM_LENGTH} characters."})
    if interview.candidate_comments.count() >= MAXIMUM_COMMENTS:
        raise ValidationError({"text": f"An interview holds at most {MAXIMUM_COMMENTS} comments."})
    comment = CandidateComment.objects.create(interview=interview, text=text)
    audit_append(action=AuditEntry.Action.COMMENTED, by_candidate=True, interview=interview, comment=comment.pk)
    organization_tell(interview=interview, sentence="The candidate commented on the report. It stands beside it.")
    return comment
