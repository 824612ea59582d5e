"""What somebody was told, and where they want to be told it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from interviews.models import Notification, User
from interviews.selectors.notifications import notification_choices, notifications_of, notifications_unread
from interviews.services.notifications import notification_choices_set, notifications_read


@login_required
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    context = {"rows": notifications_of(user=user), "choices": notification_choices(user=user)}
    return render(request, "interviews/notifications.html", context)


@login_required
@require_safe
def notifications_state(request: HttpRequest) -> JsonResponse:
    """For the counter of every page: how many are unread, and the newest of them as a sentence."""
    user = cast(User, request.user)
    unread = notifications_unread(user=user)
    newest = next(iter(notifications_of(user=user)), None) if unread else None
    sentence = f"{newest['interview'].candidate.name}: {newest['sentence']}" if newest else ""
    return JsonResponse({"unread": unread, "sentence": sentence})


@login_required
@require_POST
def notifications_do(request: HttpRequest) -> HttpResponse:
    """``do``: read, or choose with a box ``page-KIND`` and ``mail-KIND`` a kind."""
    user = cast(User, request.user)
    if request.POST.get("do") == "choose":
        boxes = {
            kind: (f"page-{kind}" in request.POST, f"mail-{kind}" in request.POST) for kind in Notification.Kind.values
        }
        notification_choices_set(user=user, choices=boxes)
        messages.success(request, "Your choice is kept.")
    else:
        notifications_read(user=user)
    return redirect("notifications")
