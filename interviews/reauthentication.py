"""Asking for the password again before a dangerous step."""

import functools
import time
from collections.abc import Callable
from typing import Any, Final, cast
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from interviews.counting import within_limit
from interviews.models import User

GOOD_FOR_S: Final = 15 * 60.0
SESSION_KEY: Final = "password_at"
"""When the password was entered last, in this session."""
TRIES, TRIES_WITHIN_S = 5, 900.0

View = Callable[..., HttpResponseBase]


def password_required(view: View) -> View:
    """Leads to the page that asks for the password, unless it was entered within a quarter of an hour."""

    @login_required
    @functools.wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if time.time() - request.session.get(SESSION_KEY, 0.0) < GOOD_FOR_S:
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('login_again')}?{urlencode({'next': request.path})}")

    return asked


def safe_next(request: HttpRequest, default: str) -> str:
    """Where ``next`` leads, if it stays here."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=hosts, require_https=request.is_secure())
    return asked if safe else reverse(default)


def password_check(user: User, password: str) -> None:
    """Raises ``ValidationError`` for a wrong password, and after five attempts within a quarter of an hour: whoever
    took over a session must not find the password out by guessing."""
    if not within_limit(f"login-again:{user.pk}", limit=TRIES, period_s=TRIES_WITHIN_S):
        raise ValidationError("Too many attempts. Wait a quarter of an hour.")
    if not user.check_password(password):
        raise ValidationError("This is not your password.")


class PasswordForm(forms.Form):
    password = forms.CharField(
        label="Your password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        password_check(self.user, password)
        return password


@login_required
def login_again(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST if request.method == "POST" else None, user=cast(User, request.user))
    if request.method == "POST" and form.is_valid():
        request.session[SESSION_KEY] = time.time()
        return HttpResponseRedirect(safe_next(request, "profile"))
    context = {"form": form, "next": request.GET.get("next", "")}
    return render(request, "interviews/accounts/login_again.html", context)
