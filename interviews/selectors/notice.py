"""The notice that candidates of an organization are shown."""

from interviews.models import Interview, NoticeVersion, Organization, User
from interviews.notice import Notice, notice_of
from interviews.policy import Decision
from interviews.selectors.policy import interview_policy, organization_policy


def notice_version(*, organization: Organization) -> NoticeVersion | None:
    """What the organization wrote last; None while the defaults stand alone."""
    return NoticeVersion.objects.filter(organization=organization).order_by("-number").first()


def interview_notice(*, interview: Interview) -> Notice:
    """The notice for the candidate of one interview."""
    policy = interview_policy(interview=interview)
    return _notice(interview.organization, owner=interview.owner, policy=policy)


def organization_notice(*, organization: Organization, owner: User) -> Notice:
    """The notice as a candidate of ``owner``'s would see it for a usual interview, for the page that changes it."""
    policy = organization_policy(
        organization=organization,
        purpose=organization.usual_purpose,
        candidate_jurisdiction=organization.usual_jurisdiction,
    )
    return _notice(organization, owner=owner, policy=policy)


def _notice(organization: Organization, *, owner: User, policy: Decision) -> Notice:
    version = notice_version(organization=organization)
    facts = {
        "organization": organization.name,
        "owner": str(owner),
        "email": owner.email,
        "days": str(policy.retention_days),
        "erasure_days": str(policy.erasure_days),
    }
    return notice_of(version.texts if version else {}, number=version.number if version else 0, facts=facts)
