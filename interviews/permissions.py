"""Permissions on rows that a person may see. Whether they may see a row is decided by ``visible_to``."""

from interviews.models import Interview, Membership, Room, User


def can_delete_interview(user: User, interview: Interview) -> bool:
    """Its owner, and the administrators of its organization."""
    if interview.owner_id == user.pk:
        return True
    return Membership.objects.filter(
        user=user, organization=interview.organization_id, role=Membership.Role.ADMINISTRATOR
    ).exists()


def can_control_room(user: User, room: Room) -> bool:
    """The host alone; colleagues observe."""
    return room.host_id == user.pk
