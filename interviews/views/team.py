"""The team page of an organization's administrator, joining by invitation, and who has access to one interview."""

import hashlib
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from interviews.errors import Refusal
from interviews.models import MemberInvitation, Membership, User
from interviews.permissions import can_change_interview
from interviews.reauthentication import password_required
from interviews.selectors import get_interview
from interviews.selectors.people import managed_organization
from interviews.services import accounts


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail address")
    role = forms.ChoiceField(label="Role", choices=Membership.Role.choices, initial=Membership.Role.RECRUITER)


class JoinForm(forms.Form):
    full_name = forms.CharField(
        label="Your name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label="A new password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters, not your name, and none of the common ones.",
    )


@password_required
def team(request: HttpRequest) -> HttpResponse:
    """The members; with a form to invite somebody."""
    user, organization = cast(User, request.user), managed_organization(user=cast(User, request.user))
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation, token = accounts.member_invite(organization=organization, by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            url = request.build_absolute_uri(reverse("member_join", args=[token]))
            if accounts.member_invitation_mail(invitation=invitation, url=url):
                messages.success(request, f"The invitation is on its way to {invitation.email}.")
            else:
                messages.warning(request, f"It could not be mailed. Send this link yourself: {url}")
            return redirect("team")
    context = {
        "organization": organization,
        "members": organization.memberships.select_related("user").order_by("user__full_name"),
        "invitations": organization.member_invitations.filter(accepted_at=None, revoked_at=None),
        "roles": Membership.Role.choices,
        "form": form,
    }
    return render(request, "interviews/accounts/team.html", context)


@password_required
@require_POST
def member_change(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """``do``: role, close, open, remove or hand_over."""
    user, organization = cast(User, request.user), managed_organization(user=cast(User, request.user))
    membership = get_object_or_404(organization.memberships.select_related("user"), pk=membership_id)
    do: dict[str, Any] = {
        "role": lambda: accounts.member_role_set(membership=membership, by=user, role=request.POST.get("role", "")),
        "close": lambda: accounts.member_active_set(membership=membership, by=user, is_active=False),
        "open": lambda: accounts.member_active_set(membership=membership, by=user, is_active=True),
        "remove": lambda: accounts.member_remove(membership=membership, by=user),
        "hand_over": lambda: _hand_over(request, membership),
    }
    try:
        do.get(request.POST.get("do", ""), _unknown)()
    except Refusal as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{membership.user}: done.")
    return redirect("team")


@password_required
@require_POST
def member_invitation_revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    invitation = get_object_or_404(
        managed_organization(user=cast(User, request.user)).member_invitations, pk=invitation_id
    )
    accounts.member_invitation_revoke(invitation=invitation, by=cast(User, request.user))
    return redirect("team")


@password_required
@require_POST
def visibility_set(request: HttpRequest) -> HttpResponse:
    """Whether recruiters see all interviews of the organization."""
    see_all = request.POST.get("see_all") == "yes"
    accounts.recruiters_see_all_set(
        organization=managed_organization(user=cast(User, request.user)), by=cast(User, request.user), see_all=see_all
    )
    return redirect("team")


def member_join(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation: looking at it changes nothing."""
    sha256 = hashlib.sha256(token.encode()).hexdigest()
    invitation = MemberInvitation.objects.select_related("organization").filter(token_sha256=sha256).first()
    if invitation is None or not invitation.stands:
        return render(request, "interviews/accounts/member_join.html", {"invitation": None}, status=410)
    user = request.user if isinstance(request.user, User) else None
    has_account = User.objects.filter(email=invitation.email).exists()
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (user or form.is_valid()):
        try:
            fields = {} if user else form.cleaned_data
            joined = accounts.member_join(invitation=invitation, user=user, **fields)
        except (Refusal, ValidationError) as error:
            form.is_valid()
            form.add_error(None, error if isinstance(error, ValidationError) else str(error))
        else:
            if user is None:
                login(request, joined, backend="django.contrib.auth.backends.ModelBackend")
            return redirect("home")
    context = {"invitation": invitation, "form": form, "has_account": has_account}
    return render(request, "interviews/accounts/member_join.html", context)


@password_required
def interview_access(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Who was given this interview to see, beside those whose role shows it."""
    user = cast(User, request.user)
    interview = get_interview(user, interview_id)
    if not can_change_interview(user, interview):
        raise PermissionDenied
    members = interview.organization.memberships.filter(role__in=("recruiter", "reviewer"), user__is_active=True)
    if request.method == "POST":
        membership = get_object_or_404(members, user=_posted_id(request, "user"))
        change = accounts.interview_assign if request.POST.get("do") == "assign" else accounts.interview_unassign
        change(interview=interview, by=user, user=membership.user)
        return redirect("interview_access", interview_id=interview.pk)
    assigned = set(interview.assignments.values_list("user", flat=True))
    rows = [(membership, membership.user_id in assigned) for membership in members.select_related("user")]
    return render(request, "interviews/accounts/interview_access.html", {"interview": interview, "rows": rows})


def _hand_over(request: HttpRequest, membership: Membership) -> None:
    organization = membership.organization
    to = get_object_or_404(organization.memberships.select_related("user"), pk=_posted_id(request, "to"))
    accounts.interviews_hand_over(
        organization=organization, by=cast(User, request.user), from_user=membership.user, to_user=to.user
    )


def _posted_id(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise Http404 from error


def _unknown() -> None:
    raise Refusal("unknown", "There is nothing to do.")
