"""Pages of this app; those that show analyses too are in analysis.views."""

from interviews.views.audit import audit_log
from interviews.views.interviews import interview_new
from interviews.views.rooms import candidate_room, join, room_new

__all__ = ["audit_log", "candidate_room", "interview_new", "join", "room_new"]
