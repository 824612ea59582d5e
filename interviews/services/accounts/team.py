"""The people of an organization: invited, given a role, handed over, removed. Its administrators do it."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from interviews.errors import Refusal
from interviews.models import (
    Assignment,
    AuditEntry,
    Interview,
    MemberInvitation,
    Membership,
    Organization,
    Room,
    User,
)
from interviews.services.accounts.sessions import sessions_end
from interviews.services.audit import audit_append
from interviews.services.mailing import mail_send

VALID: Final = timedelta(days=7)
Role = Membership.Role


@transaction.atomic
def member_invite(*, organization: Organization, by: User, email: str, role: str) -> tuple[MemberInvitation, str]:
    """Make a link that makes somebody a member; an earlier one for the address stops working. Returns it and its token.

    Raises ``ValidationError`` by field.
    """
    email = email.strip().lower()
    errors = {}
    try:
        validate_email(email)
    except ValidationError:
        errors["email"] = "Enter an e-mail address, such as name@example.com."
    if role not in Role.values:
        errors["role"] = "There is no such role."
    if organization.memberships.filter(user__email=email).exists():
        errors["email"] = "This person is a member already."
    if errors:
        raise ValidationError(errors)
    organization.member_invitations.filter(email=email, accepted_at=None).update(revoked_at=timezone.now())
    token = secrets.token_urlsafe(32)
    invitation = MemberInvitation.objects.create(
        organization=organization,
        email=email,
        role=role,
        token_sha256=hashlib.sha256(token.encode()).hexdigest(),
        expires_at=timezone.now() + VALID,
        created_by=by,
    )
    _log(organization, by, "invited", invitation=invitation.pk, role=role)
    return invitation, token


def member_invitation_mail(*, invitation: MemberInvitation, url: str) -> bool:
    """Send the link; whether a mail server took it."""
    context = {"invitation": invitation, "url": url}
    return mail_send(
        to=invitation.email,
        subject=f"Join {invitation.organization} on Candor",
        message=render_to_string("interviews/accounts/member_invitation_email.txt", context),
    )


def member_invitation_revoke(*, invitation: MemberInvitation, by: User) -> None:
    if MemberInvitation.objects.filter(pk=invitation.pk, accepted_at=None).update(revoked_at=timezone.now()):
        _log(invitation.organization, by, "invitation withdrawn", invitation=invitation.pk)


@transaction.atomic
def member_join(*, invitation: MemberInvitation, user: User | None, full_name: str = "", password: str = "") -> User:
    """Accept an invitation: as ``user``, who must have its address, or with a new account.

    Raises :class:`Refusal` for a link that no longer works or is somebody else's, ``ValidationError`` by field.
    """
    invitation = MemberInvitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitation.stands:
        raise Refusal("invitation_gone", "This invitation no longer works. Ask for a new one.")
    if user is None:
        if User.objects.filter(email=invitation.email).exists():
            raise Refusal("has_account", "This address has an account: log in, then open the link again.")
        user = account_create(invitation.email, full_name, password, organization=str(invitation.organization))
    elif user.email != invitation.email:
        raise Refusal("other_person", f"This invitation is for {invitation.email}. Log out, and open it again.")
    Membership.objects.get_or_create(
        user=user, organization=invitation.organization, defaults={"role": invitation.role}
    )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    _log(invitation.organization, user, "joined", invitation=invitation.pk, role=invitation.role)
    return user


def account_create(email: str, full_name: str, password: str, *, organization: str) -> User:
    """Make the account of somebody who joins an organization. Raises ``ValidationError`` by field."""
    user = User(email=email, full_name=" ".join(full_name.split())[:150])
    if not user.full_name:
        raise ValidationError({"full_name": "Enter your name."})
    user.joins = organization
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    user.set_password(password)
    user.save()
    return user


@transaction.atomic
def member_role_set(*, membership: Membership, by: User, role: str) -> None:
    """Raises :class:`Refusal` for the last administrator."""
    if role not in Role.values:
        raise Refusal("no_role", "There is no such role.")
    if role != Role.ADMINISTRATOR:
        _keep_an_administrator(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    _log(membership.organization, by, "role", member=membership.user_id, before=before, role=role)


@transaction.atomic
def member_active_set(*, membership: Membership, by: User, is_active: bool) -> None:
    """Close somebody's account for a while, or open it again. Raises :class:`Refusal` where it is not the
    organization's to close."""
    user = membership.user
    if user.memberships.exclude(pk=membership.pk).exists() or user.is_superuser:
        raise Refusal("not_ours", f"{user} also works elsewhere here. Remove the membership instead.")
    if not is_active:
        _keep_an_administrator(membership)
        sessions_end(user=user)
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    change = "account opened" if is_active else "account closed"
    _log(membership.organization, by, change, member=user.pk)


@transaction.atomic
def member_remove(*, membership: Membership, by: User) -> None:
    """End a membership. Raises :class:`Refusal` for the last administrator, and for who still has interviews."""
    _keep_an_administrator(membership)
    organization, user = membership.organization, membership.user
    if Interview.objects.filter(organization=organization, owner=user).exists():
        raise Refusal("has_interviews", f"{user} still has interviews. Hand them over first.")
    Assignment.objects.filter(interview__organization=organization, user=user).delete()
    membership.delete()
    _log(organization, by, "removed", member=user.pk)


@transaction.atomic
def interviews_hand_over(*, organization: Organization, by: User, from_user: User, to_user: User) -> int:
    """Give all interviews of one member to another, who becomes host of rooms that have not ended; returns how many.

    Raises :class:`Refusal` for somebody who may not have interviews.
    """
    roles = (Role.ADMINISTRATOR, Role.RECRUITER)
    if not organization.memberships.filter(user=to_user, role__in=roles).exists():
        raise Refusal("no_recruiter", f"{to_user} is neither recruiter nor administrator here.")
    interviews = Interview.objects.filter(organization=organization, owner=from_user)
    Room.objects.filter(interview__in=interviews, status__in=Room.RUNNING).update(host=to_user)
    count = interviews.update(owner=to_user)
    _log(organization, by, "interviews handed over", member=from_user.pk, to=to_user.pk, interviews=count)
    return count


@transaction.atomic
def interview_assign(*, interview: Interview, by: User, user: User) -> None:
    """Let a reviewer or recruiter of the organization see one interview. Raises :class:`Refusal` for others."""
    roles = (Role.RECRUITER, Role.REVIEWER)
    if not interview.organization.memberships.filter(user=user, role__in=roles).exists():
        raise Refusal("no_reviewer", f"{user} is neither reviewer nor recruiter here.")
    _, is_new = Assignment.objects.get_or_create(interview=interview, user=user, defaults={"assigned_by": by})
    if is_new:
        action = AuditEntry.Action.ACCESS_CHANGED
        audit_append(action=action, by=by, interview=interview, change="assigned", member=user.pk)


@transaction.atomic
def interview_unassign(*, interview: Interview, by: User, user: User) -> None:
    if Assignment.objects.filter(interview=interview, user=user).delete()[0]:
        action = AuditEntry.Action.ACCESS_CHANGED
        audit_append(action=action, by=by, interview=interview, change="no longer assigned", member=user.pk)


@transaction.atomic
def recruiters_see_all_set(*, organization: Organization, by: User, see_all: bool) -> None:
    Organization.objects.filter(pk=organization.pk).update(recruiters_see_all=see_all)
    _log(organization, by, "recruiters see all interviews" if see_all else "recruiters see their own interviews")


def _keep_an_administrator(membership: Membership) -> None:
    if membership.role != Role.ADMINISTRATOR:
        return
    others = membership.organization.memberships.filter(role=Role.ADMINISTRATOR, user__is_active=True)
    if not others.exclude(pk=membership.pk).exists():
        raise Refusal("last_administrator", "This is the last administrator. Make somebody else one first.")


def _log(organization: Organization, by: User, change: str, **details: Any) -> None:
    action = AuditEntry.Action.ACCESS_CHANGED
    audit_append(action=action, by=by, organization=organization, change=change, **details)
