"""Everything that writes a live room's rows and files. Read :class:`interviews.models.Room` for its states."""

from interviews.services.rooms.invitations import invitation_use

__all__ = ["invitation_use"]
