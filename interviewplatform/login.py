"""Logging in, where Django's views and the login throttle (axes) meet."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from axes.utils import reset
from django import forms
from django.conf import settings
from django.contrib.auth import forms as auth_forms
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse


def throttled_name(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """The e-mail address that an attempt counts against, in lower case: ``A@x.org`` and ``a@x.org`` are one person."""
    source: Mapping[str, Any] = credentials or (request.POST if request else {})
    return str(source.get("username") or source.get("email") or "").strip().lower()


def client_address(request: HttpRequest) -> str | None:
    """The client address of a login attempt.

    Behind a proxy it is the last item of ``X-Forwarded-For``, which the proxy has added. The items before it, one of
    which Daphne uses as ``REMOTE_ADDR``, are sent by the client and not trustworthy.
    """
    known = [request.META.get("REMOTE_ADDR", "")]
    if not settings.EMBEDDED:
        known.insert(0, request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip())
    for address in known:
        try:
            return str(ip_address(address))
        except ValueError:
            continue
    return None


class LoginForm(AuthenticationForm):
    """Replaces Django's error message, which mentions upper and lower case: addresses are case-insensitive here."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": "The e-mail address or the password is wrong. Check both and try again.",
    }


class PasswordResetForm(auth_forms.PasswordResetForm):
    """Django's form, its field labelled as on the login page."""

    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class PasswordResetConfirmView(views.PasswordResetConfirmView):
    """Ends the lock-out of a person who sets a new password by mail."""

    def form_valid(self, form: "SetPasswordForm[Any]") -> HttpResponse:
        reset(username=form.user.get_username())
        return super().form_valid(form)
