"""The records of processing activities of an organization (GDPR, Article 30), from what is stored and set here."""

from dataclasses import dataclass

from django.db.models import Count

from interviews.models import Interview, Membership, Organization, ShareLink
from interviews.policy import TABLE, TRANSCRIPT, Decision, Jurisdiction, Purpose
from interviews.selectors.policy import organization_policy


@dataclass(frozen=True, slots=True)
class Activity:
    """Interviews for one purpose with candidates from one place, and what policy says of them."""

    purpose: str
    place: str
    interviews: int
    policy: Decision

    @property
    def read(self) -> list[str]:
        """Names of what software makes of the recordings."""
        keys = (*self.policy.modalities, *self.policy.metrics, *([TRANSCRIPT] if self.policy.transcript else []))
        return [TABLE.names[key] for key in keys]


def processing_activities(*, organization: Organization) -> list[Activity]:
    """What the interviews are for that are kept now, the most frequent first."""
    kept = Interview.objects.filter(organization=organization)
    counted = kept.values_list("purpose", "candidate_jurisdiction").annotate(count=Count("pk")).order_by("-count")
    return [
        Activity(
            purpose=Purpose(purpose).label,
            place=Jurisdiction(place).label,
            interviews=count,
            policy=organization_policy(organization=organization, purpose=purpose, candidate_jurisdiction=place),
        )
        for purpose, place, count in counted
    ]


def processing_recipients(*, organization: Organization) -> list[tuple[str, int]]:
    """Who may see data of candidates, with how many there are: people by their role, and shared pages that stand."""
    roles = organization.memberships.values_list("role").annotate(count=Count("pk")).order_by("role")
    people = [(str(Membership.Role(role).label), count) for role, count in roles]
    links = ShareLink.objects.filter(interview__organization=organization, revoked_at=None)
    return [*people, ("Links for people outside that work now", sum(link.stands for link in links))]
