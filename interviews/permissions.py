"""Permissions on rows that a person may see. Whether they may see a row is decided by ``visible_to``."""

from interviews.models import Interview, Membership, Organization, Room, User

Role = Membership.Role


def has_role(user: User, organization: Organization, *roles: str) -> bool:
    return Membership.objects.filter(user=user, organization=organization, role__in=roles).exists()


def can_change_interview(user: User, interview: Interview) -> bool:
    """Its owner, recruiters to whom it was assigned, and administrators of its organization."""
    if has_role(user, interview.organization, Role.ADMINISTRATOR):
        return True
    is_its_recruiter = interview.owner_id == user.pk or interview.assignments.filter(user=user).exists()
    return is_its_recruiter and has_role(user, interview.organization, Role.RECRUITER)


def can_delete_interview(user: User, interview: Interview) -> bool:
    """Its owner while a recruiter, and administrators of its organization."""
    roles = (Role.ADMINISTRATOR, Role.RECRUITER) if interview.owner_id == user.pk else (Role.ADMINISTRATOR,)
    return has_role(user, interview.organization, *roles)


def can_control_room(user: User, room: Room) -> bool:
    """The host alone; colleagues observe."""
    return room.host_id == user.pk
