"""Accounts of people: their passwords, and what becomes of an account that goes."""

from interviews.services.accounts.passwords import (
    PASSWORD_RESET_TASK,
    password_reset_mail,
    password_reset_request,
)
from interviews.services.accounts.removal import account_pseudonymize

__all__ = ["PASSWORD_RESET_TASK", "account_pseudonymize", "password_reset_mail", "password_reset_request"]
