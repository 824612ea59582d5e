"""Pages of the live room: setting one up, the candidate's, and what stands where a link no longer leads."""

import secrets
from typing import Final, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from interviews.models import Interview, Invitation, Position, Room, User
from interviews.policy import Jurisdiction, Purpose
from interviews.room_config import candidate_config
from interviews.selectors import candidate_room as candidate_room_of
from interviews.selectors import invitation_by_token, organization_of
from interviews.selectors.consent import ANALYSES
from interviews.selectors.notice import interview_notice
from interviews.selectors.rooms import GRANTS, grant_of, key_sha256
from interviews.services.accounts.sessions import browser_of
from interviews.services.rooms import invitation_use

CLOSED: Final = {
    "unknown": "This invitation link is not valid. Check that it was copied whole.",
    "revoked": "This invitation was withdrawn, usually because a newer one was sent. Look for a newer message.",
    "expired": "This invitation has expired.",
    "not_invited": "This browser has not been let into an interview here. Open the link from your invitation again.",
}


@login_required
@require_safe
def room_new(request: HttpRequest) -> HttpResponse:
    """The form for a new live interview; its script talks to the API. As with uploads, some are told before."""
    if organization_of(cast(User, request.user)) is None:
        return render(request, "interviews/no_organization.html")
    positions = Position.objects.visible_to(request.user)
    context = {
        "positions": positions,
        "languages": Interview.SpokenLanguage.choices,
        "purposes": Purpose.choices,
        "jurisdictions": Jurisdiction.choices,
        "invitation_days": settings.INVITATION_DAYS,
    }
    return render(request, "interviews/room/host_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation. Looking at it changes nothing, because programs that scan mail look too; its
    button lets this browser in, or asks the host where another one was before."""
    invitation = invitation_by_token(token=token)
    if invitation is not None and invitation.revoked_at is None and not invitation.room.is_running:
        return redirect("own_page_door", token=token)
    if (closed := closed_because(invitation)) or invitation is None:
        return closed_page(request, closed or "unknown", invitation.room if invitation else None)
    room = invitation.room
    if candidate_room_of(session=request.session, room_id=room.pk) is not None:
        return redirect("candidate_room", room_id=room.pk)
    context: dict[str, object] = {"room": room, "interview": room.interview}
    if Room.objects.visible_to(request.user).filter(pk=room.pk).exists():
        return render(request, "interviews/room/join.html", {**context, "is_colleague": True}, status=403)
    if request.method == "POST":
        key = browser_key(request, invitation)
        browser = browser_of(request.META.get("HTTP_USER_AGENT", ""))
        if invitation_use(invitation=invitation, key=key, browser=browser):
            return redirect("candidate_room", room_id=room.pk)
        return redirect("join", token=token)
    grant = grant_of(request.session, room.pk)
    asks = grant is not None and key_sha256(grant["key"]) == invitation.asking_sha256
    was_refused = grant is not None and not asks
    return render(request, "interviews/room/join.html", {**context, "asks": asks, "was_refused": was_refused})


def browser_key(request: HttpRequest, invitation: Invitation) -> str:
    """This browser's key for an invitation, made and kept in its session the first time."""
    grant = grant_of(request.session, invitation.room_id)
    if grant is None or grant["invitation"] != str(invitation.pk):
        grant = {"invitation": str(invitation.pk), "key": secrets.token_urlsafe(32)}
        request.session[GRANTS] = {**request.session.get(GRANTS, {}), str(invitation.room_id): grant}
    return grant["key"]


@ensure_csrf_cookie
@require_safe
def candidate_room(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """The candidate's page, from what will be recorded to the end of the call."""
    found = candidate_room_of(session=request.session, room_id=room_id)
    if found is None:
        return closed_page(request, "not_invited", None)
    if found.status in Room.CLOSED:
        return redirect("own_page", interview_id=found.interview_id)
    config = candidate_config(room=found)
    notice = interview_notice(interview=found.interview)
    context = {"room": found, "interview": found.interview, "config": config, "notice": notice, "parts": ANALYSES}
    return render(request, "interviews/room/candidate.html", context)


def closed_because(invitation: Invitation | None) -> str:
    """Key of :data:`CLOSED`; empty when the invitation opens its room."""
    if invitation is None:
        return "unknown"
    if invitation.revoked_at is not None:
        return "revoked"
    return "" if invitation.stands else "expired"


def closed_page(request: HttpRequest, reason: str, room: Room | None) -> HttpResponse:
    """Says what happened and whom to ask; 404 for links that never were, 410 for those that were."""
    context = {"reason": reason, "sentence": CLOSED[reason], "room": room}
    status = 404 if room is None else 410
    return render(request, "interviews/room/candidate_closed.html", context, status=status)
