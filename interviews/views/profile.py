"""One's own account: name, password, time zone, theme, second factor, sessions."""

from base64 import b32encode
from typing import Any, cast
from uuid import UUID
from zoneinfo import available_timezones

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_otp import login as second_factor_login

from interviews.models import User
from interviews.reauthentication import password_check, password_required, safe_next
from interviews.second_factor import has_second_factor, needs_second_factor
from interviews.services import accounts


class ProfileForm(forms.Form):
    full_name = forms.CharField(label="Name", max_length=150)
    time_zone = forms.ChoiceField(label="Time zone", required=False)
    theme = forms.ChoiceField(label="Theme", choices=User.Theme.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
        field = cast(forms.ChoiceField, self.fields["time_zone"])
        field.choices = [("", "As the installation"), *zones]


class OwnPasswordForm(PasswordChangeForm):
    """Django's, with limited attempts at the password of now."""

    def clean_old_password(self) -> str:
        password = str(self.cleaned_data["old_password"])
        password_check(self.user, password)
        return password


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}),
    )


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    shown = {"full_name": user.full_name, "time_zone": user.time_zone, "theme": user.theme}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=shown)
    if request.method == "POST" and form.is_valid():
        accounts.profile_change(user=user, **form.cleaned_data)
        messages.success(request, "Your profile is saved.")
        return redirect("profile")
    context = {
        "form": form,
        "sessions": user.login_sessions.all(),
        "session_key": request.session.session_key,
        "has_second_factor": has_second_factor(user),
        "needs_second_factor": needs_second_factor(user),
    }
    return render(request, "interviews/accounts/profile.html", context)


@login_required
def password_change(request: HttpRequest) -> HttpResponse:
    """A new password ends all other sessions."""
    user = cast(User, request.user)
    form = OwnPasswordForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.save()
        before = request.session.session_key or ""
        update_session_auth_hash(request, user)
        accounts.password_changed(user=user, before=before, after=request.session.session_key or "")
        messages.success(request, "Your password is changed, and you are logged out everywhere else.")
        return redirect("profile")
    return render(request, "interviews/accounts/password_change.html", {"form": form})


@login_required
@require_POST
def session_end(request: HttpRequest, session_id: UUID) -> HttpResponse:
    accounts.session_end(user=cast(User, request.user), session_id=session_id)
    messages.success(request, "That browser is logged out.")
    return redirect("profile")


@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """The second step of a login."""
    user = cast(User, request.user)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        device = accounts.second_factor_check(user=user, code=form.cleaned_data["code"])
        if device is not None:
            before = request.session.session_key or ""
            request.session.cycle_key()
            accounts.session_moved(before=before, after=request.session.session_key or "")
            second_factor_login(request, device)
            return HttpResponseRedirect(safe_next(request, "home"))
        form.add_error("code", "This code is wrong, or was used already. After several wrong ones, wait a little.")
    context = {"form": form, "next": request.GET.get("next", "")}
    return render(request, "interviews/accounts/second_factor.html", context)


@password_required
def second_factor_setup(request: HttpRequest) -> HttpResponse:
    """Scan, enter the first code, and keep the recovery codes."""
    user = cast(User, request.user)
    if has_second_factor(user) and not request.session.get("otp_device_id"):
        return redirect("second_factor")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        confirmed = accounts.totp_confirm(user=user, code=form.cleaned_data["code"].replace(" ", ""))
        if confirmed is not None:
            device, codes = confirmed
            second_factor_login(request, device)
            return render(request, "interviews/accounts/recovery_codes.html", {"codes": codes})
        form.add_error("code", "This code is wrong. Check the clock of the device, and enter the newest code.")
    device = accounts.totp_prepare(user=user)
    address, key = accounts.totp_invitation(device=device)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, dark="#000", light="#fff", border=4)
    context = {"form": form, "picture": picture, "key": " ".join(device_key(key))}
    return render(request, "interviews/accounts/second_factor_setup.html", context)


@password_required
@require_POST
def second_factor_remove(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    accounts.totp_remove(user=user, by=user)
    request.session.pop("otp_device_id", None)
    messages.success(request, "The second factor is off. Your password alone opens your account.")
    return redirect("profile")


def device_key(key: bytes) -> list[str]:
    """The key as people type it: base 32, in groups of four."""
    text = b32encode(key).decode().rstrip("=")
    return [text[start : start + 4] for start in range(0, len(text), 4)]
