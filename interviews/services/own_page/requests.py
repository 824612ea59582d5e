"""What candidates ask for: rows with a deadline. The erasure itself is done by its job."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from interviews.models import AuditEntry, CandidateRequest, Interview
from interviews.selectors.own_page import erasure_request
from interviews.selectors.policy import interview_policy
from interviews.services.audit import audit_append
from interviews.services.own_page.telling import organization_tell


@transaction.atomic
def request_add(*, interview: Interview, kind: str) -> CandidateRequest:
    """The candidate asks for a copy or for erasure; asking for erasure again answers the request that stands.

    It is due within the time that policy gives for an erasure.
    """
    Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
    if kind == CandidateRequest.Kind.ERASURE and (standing := erasure_request(interview=interview)) is not None:
        return standing
    now = timezone.now()
    due_at = now + timedelta(days=interview_policy(interview=interview).erasure_days)
    request = CandidateRequest.objects.create(
        organization=interview.organization, interview=interview, kind=kind, requested_at=now, due_at=due_at
    )
    action = AuditEntry.Action.REQUEST_MADE
    audit_append(action=action, by_candidate=True, interview=interview, request=request.pk, kind=kind)
    if kind == CandidateRequest.Kind.ERASURE:
        sentence = f"The candidate asks for erasure. It is due by {due_at:%-d %B %Y}, and done by itself."
        organization_tell(interview=interview, sentence=sentence)
    return request


@transaction.atomic
def erasure_take_back(*, interview: Interview) -> None:
    """The candidate no longer asks for erasure; without such a request nothing happens."""
    request = erasure_request(interview=interview)
    if request is None:
        return
    CandidateRequest.objects.filter(pk=request.pk).update(withdrawn_at=timezone.now())
    action = AuditEntry.Action.REQUEST_MADE
    audit_append(action=action, by_candidate=True, interview=interview, request=request.pk, kind="erasure taken back")


def request_done(*, request: CandidateRequest) -> None:
    """What was asked for is done. Called by what does it, within its transaction."""
    CandidateRequest.objects.filter(pk=request.pk, done_at=None).update(done_at=timezone.now())
