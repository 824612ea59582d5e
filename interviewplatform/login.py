"""Logging in, where Django's views and the login throttle (axes) meet."""

from collections.abc import Mapping
from typing import Any

from axes.utils import reset
from django.contrib.auth import views
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse


def throttled_name(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """The e-mail address that an attempt counts against, in lower case: ``A@x.org`` and ``a@x.org`` are one person."""
    source: Mapping[str, Any] = credentials or (request.POST if request else {})
    return str(source.get("username") or source.get("email") or "").strip().lower()


class PasswordResetConfirmView(views.PasswordResetConfirmView):
    """Who proved with a mail who they are is not locked out any longer."""

    def form_valid(self, form: "SetPasswordForm[Any]") -> HttpResponse:
        reset(username=form.user.get_username())
        return super().form_valid(form)
