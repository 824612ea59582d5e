"""Accounts of people: passwords, second factor, sessions, team, and what becomes of an account that goes."""

from interviews.services.accounts.first_run import first_run, first_run_is_open, first_run_token, mail_test
from interviews.services.accounts.passwords import (
    PASSWORD_RESET_TASK,
    password_changed,
    password_reset_mail,
    password_reset_request,
)
from interviews.services.accounts.profile import profile_change
from interviews.services.accounts.removal import account_pseudonymize
from interviews.services.accounts.second_factor import (
    second_factor_check,
    totp_confirm,
    totp_invitation,
    totp_prepare,
    totp_remove,
)
from interviews.services.accounts.sessions import (
    session_end,
    session_moved,
    session_record,
    session_seen,
    sessions_end,
    sessions_forget,
)
from interviews.services.accounts.team import (
    interview_assign,
    interview_unassign,
    interviews_hand_over,
    member_active_set,
    member_invitation_mail,
    member_invitation_revoke,
    member_invite,
    member_join,
    member_remove,
    member_role_set,
    recruiters_see_all_set,
)
from interviews.services.accounts.totp_keys import totp_keys_wrap

__all__ = [
    "PASSWORD_RESET_TASK",
    "account_pseudonymize",
    "first_run",
    "first_run_is_open",
    "first_run_token",
    "interview_assign",
    "interview_unassign",
    "interviews_hand_over",
    "mail_test",
    "member_active_set",
    "member_invitation_mail",
    "member_invitation_revoke",
    "member_invite",
    "member_join",
    "member_remove",
    "member_role_set",
    "password_changed",
    "password_reset_mail",
    "password_reset_request",
    "profile_change",
    "recruiters_see_all_set",
    "second_factor_check",
    "session_end",
    "session_moved",
    "session_record",
    "session_seen",
    "sessions_end",
    "sessions_forget",
    "totp_confirm",
    "totp_invitation",
    "totp_keys_wrap",
    "totp_prepare",
    "totp_remove",
]
