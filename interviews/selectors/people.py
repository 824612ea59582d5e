"""People in their organizations."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404

from interviews.models import Interview, Membership, Organization, User

Role = Membership.Role


@dataclass(frozen=True, slots=True)
class Workplace:
    """What a person may do in the organization that they work in."""

    organization: Organization | None = None
    role: str = ""
    is_installation_administrator: bool = False

    @property
    def sees_interviews(self) -> bool:
        return self.role in (Role.ADMINISTRATOR, Role.RECRUITER, Role.REVIEWER)

    @property
    def adds_interviews(self) -> bool:
        return self.role in (Role.ADMINISTRATOR, Role.RECRUITER)

    @property
    def reads_log(self) -> bool:
        return self.is_installation_administrator or self.role in (
            Role.ADMINISTRATOR,
            Role.PRIVACY_OFFICER,
            Role.AUDITOR,
        )

    @property
    def reads_policy(self) -> bool:
        return self.role in (Role.ADMINISTRATOR, Role.PRIVACY_OFFICER, Role.AUDITOR)

    @property
    def keeps_data(self) -> bool:
        """Whether they decide how long interviews are kept."""
        return self.role in (Role.ADMINISTRATOR, Role.PRIVACY_OFFICER)

    @property
    def manages_team(self) -> bool:
        return self.role == Role.ADMINISTRATOR


def workplace_of(user: User | AnonymousUser | None) -> Workplace:
    """The organization that was joined first; an empty workplace for who is in none or not logged in."""
    if not isinstance(user, User) or not user.is_active:
        return Workplace()
    membership = user.memberships.select_related("organization").order_by("created_at").first()
    if membership is None:
        return Workplace(is_installation_administrator=user.is_superuser)
    return Workplace(membership.organization, membership.role, user.is_superuser)


def managed_organization(*, user: User) -> Organization:
    """The organization that the person administers. Raises ``Http404`` for everybody else."""
    workplace = workplace_of(user)
    if not workplace.manages_team or workplace.organization is None:
        raise Http404
    return workplace.organization


def owners_possible(*, interview: Interview) -> QuerySet[User]:
    """Who can own the interview: recruiters and administrators whose accounts are open, and who owns it now."""
    able = Membership.objects.filter(
        organization=interview.organization_id, role__in=(Role.RECRUITER, Role.ADMINISTRATOR)
    )
    return User.objects.filter(Q(pk__in=able.values("user_id"), is_active=True) | Q(pk=interview.owner_id))
