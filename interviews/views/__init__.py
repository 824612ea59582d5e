"""Pages of this app; those that show analyses too are in analysis.views."""

from interviews.reauthentication import login_again
from interviews.views.audit import audit_log
from interviews.views.editing import interview_edit
from interviews.views.first_run import first_run
from interviews.views.interviews import interview_new
from interviews.views.notes import interview_notes
from interviews.views.notice import notice
from interviews.views.notifications import notifications, notifications_do, notifications_state
from interviews.views.own_page import own_page_confirm, own_page_door
from interviews.views.policy import policy
from interviews.views.processing import processing_records
from interviews.views.profile import (
    password_change,
    profile,
    second_factor,
    second_factor_remove,
    second_factor_setup,
    session_end,
)
from interviews.views.rooms import candidate_room, join, room_new
from interviews.views.scorecards import criteria, criterion_do, decide, rate_first, scorecard
from interviews.views.team import (
    interview_access,
    member_change,
    member_invitation_revoke,
    member_join,
    team,
    visibility_set,
)

__all__ = [
    "audit_log",
    "candidate_room",
    "criteria",
    "criterion_do",
    "decide",
    "first_run",
    "interview_access",
    "interview_edit",
    "interview_new",
    "interview_notes",
    "join",
    "login_again",
    "member_change",
    "member_invitation_revoke",
    "member_join",
    "notice",
    "notifications",
    "notifications_do",
    "notifications_state",
    "own_page_confirm",
    "own_page_door",
    "password_change",
    "policy",
    "processing_records",
    "profile",
    "rate_first",
    "room_new",
    "scorecard",
    "second_factor",
    "second_factor_remove",
    "second_factor_setup",
    "session_end",
    "team",
    "visibility_set",
]
