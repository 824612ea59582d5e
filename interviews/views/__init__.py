"""Pages of this app; the report page is in analysis.views."""

from interviews.views.interviews import interview_list, interview_new
from interviews.views.rooms import candidate_room, join, room, room_new

__all__ = ["candidate_room", "interview_list", "interview_new", "join", "room", "room_new"]
