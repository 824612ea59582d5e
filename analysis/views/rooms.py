"""The live room as recruiters see it, with the readings; the candidate's page is in interviews.views."""

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from analysis.reporting.left_out import left_out_json
from analysis.reporting.page import live_present
from interviews.models import AuditEntry, User
from interviews.room_config import recruiter_config
from interviews.selectors import get_room
from interviews.selectors.duties import notice_pending
from interviews.selectors.policy import interview_policy
from interviews.services.audit import audit_view


@login_required
@ensure_csrf_cookie
@require_safe
def room(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """The host's page, and the same page without controls for colleagues who observe."""
    user = cast(User, request.user)
    found = get_room(user, room_id)
    audit_view(action=AuditEntry.Action.LIVE_WATCHED, by=user, interview=found.interview, what=found.pk, room=found.pk)
    config, policy = recruiter_config(room=found, user=user), interview_policy(interview=found.interview)
    context = {
        "room": found,
        "interview": found.interview,
        "role": config["role"],
        "config": config,
        "live": live_present(policy),
        "policy": policy,
        "left_out": left_out_json(policy),
        "notice_pending": notice_pending(interview=found.interview, policy=policy) if policy.modalities else "",
    }
    return render(request, "analysis/room/host.html", context)
