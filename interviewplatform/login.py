"""Logging in, where Django's views and the login throttle (axes) meet."""

from collections.abc import Mapping
from typing import Any

from axes.utils import reset
from django import forms
from django.conf import settings
from django.contrib.auth import forms as auth_forms
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from interviews.demo import PASSWORD as DEMO_PASSWORD
from interviews.demo import is_this_machine
from interviews.services.accounts import password_reset_request
from interviews.services.mailing import has_mail_server


def throttled_name(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """The e-mail address that an attempt counts against, in lower case: ``A@x.org`` and ``a@x.org`` are one person."""
    source: Mapping[str, Any] = credentials or (request.POST if request else {})
    return str(source.get("username") or source.get("email") or "").strip().lower()


class DemoLoginsOnThisMachine:
    """Refuses the password of the demo logins from any other machine. Comes before the backend that knows passwords."""

    def authenticate(self, request: HttpRequest | None, password: str | None = None, **credentials: Any) -> None:
        if password == DEMO_PASSWORD and not (request and is_this_machine(request.META.get("REMOTE_ADDR", ""))):
            raise PermissionDenied


class LoginView(views.LoginView):
    """Django's view; names a demo login where one works."""

    redirect_authenticated_user = True

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        has_demo = settings.EMBEDDED and is_this_machine(self.request.META.get("REMOTE_ADDR", ""))
        return super().get_context_data(has_demo=has_demo, **context)


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

    def save(self, *, request: HttpRequest, use_https: bool, **options: Any) -> None:  # type: ignore[override]
        """Leave the mail to a worker."""
        password_reset_request(
            email=self.cleaned_data["email"],
            client_address=request.META.get("REMOTE_ADDR", ""),
            host=request.get_host(),
            is_secure=use_https,
        )


class PasswordResetDoneView(views.PasswordResetDoneView):
    """Says where the link is where no mail reaches anybody."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(has_mail_server=has_mail_server(), **context)


class PasswordResetConfirmView(views.PasswordResetConfirmView):
    """Ends the lock-out of a person who sets a new password by mail."""

    def form_valid(self, form: "SetPasswordForm[Any]") -> HttpResponse:
        reset(username=form.user.get_username())
        return super().form_valid(form)
