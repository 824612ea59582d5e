"""What holds for every request of somebody who is logged in: idle limit, second factor, time zone."""

import time
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from interviews.models import User
from interviews.second_factor import second_factor_missing
from interviews.services.accounts import session_seen

SEEN_EVERY_S: Final = 60.0
ALWAYS_OPEN: Final = ("logout", "login_again", "second_factor", "second_factor_setup", "health")
"""Pages that work without the second factor, by name. Setting it up may ask for the password again."""

ASKED_BY_ITSELF: Final = "notifications_state"
"""What an open page asks for again and again, by name: nobody does anything by that, and it keeps no session open."""


class SessionRulesMiddleware:
    """After authentication and messages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        if self._was_idle(request):
            logout(request)
            return self.get_response(request)
        if (answer := self._second_factor(request, user)) is not None:
            return answer
        with timezone.override(user.time_zone or None):
            return self.get_response(request)

    @staticmethod
    def _was_idle(request: HttpRequest) -> bool:
        now = time.time()
        seen = request.session.get("seen_at")
        if seen is not None and now - seen > settings.SESSION_IDLE_S:
            return True
        if request.path_info == reverse(ASKED_BY_ITSELF):
            return False
        if seen is None or now - seen > SEEN_EVERY_S:
            request.session["seen_at"] = now
            session_seen(session_key=request.session.session_key or "")
        return False

    @staticmethod
    def _second_factor(request: HttpRequest, user: User) -> HttpResponseBase | None:
        missing = second_factor_missing(user, request.session)
        if not missing or request.path_info in {reverse(name) for name in ALWAYS_OPEN}:
            return None
        if request.path_info.startswith("/api/"):
            return JsonResponse({"detail": "Enter the code of your second factor first."}, status=403)
        page = reverse("second_factor" if missing == "code" else "second_factor_setup")
        return redirect(f"{page}?{urlencode({'next': request.get_full_path()})}")
