"""Break-glass access: administrators of the installation open people's data with a reason, for half an hour."""

import time
from typing import Any, Final, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from interviews.models import AuditEntry, Interview, Organization, User
from interviews.reauthentication import password_check
from interviews.services.audit import audit_append

OPEN_S: Final = 30 * 60.0
SHORTEST_REASON: Final = 10
SESSION_KEY: Final = "break_glass_until"


def is_open(request: HttpRequest) -> bool:
    until = request.session.get(SESSION_KEY, 0.0)
    return request.user.is_active and bool(time.time() < until)


class BreakGlassForm(forms.Form):
    reason = forms.CharField(
        label="Why people's data must be seen",
        min_length=SHORTEST_REASON,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The logs of all organizations keep it, with your name.",
    )
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


def break_glass(request: HttpRequest) -> HttpResponse:
    """The page that asks why. Only for administrators who may see everything."""
    user = cast(User, request.user)
    if not user.is_superuser:
        raise PermissionDenied
    asked = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    form = BreakGlassForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            for organization in Organization.objects.all():
                action = AuditEntry.Action.BREAK_GLASS
                audit_append(action=action, by=user, organization=organization, reason=form.cleaned_data["reason"])
        request.session[SESSION_KEY] = time.time() + OPEN_S
        return HttpResponseRedirect(asked if safe else reverse("admin:index"))
    context = {**admin.site.each_context(request), "title": "See people's data", "form": form}
    return TemplateResponse(request, "admin/break_glass.html", context)


class ReadOnly:
    """Mixin: look, never edit."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PeoplesData(ReadOnly, admin.ModelAdmin):
    """The admin of rows about candidates: closed until the glass is broken, and each look is in the log."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_open(request) and super().has_view_permission(request, obj)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return self._looked(request, None) or super().changelist_view(request, extra_context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return self._looked(request, object_id) or super().change_view(request, object_id, form_url, extra_context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return self._looked(request, object_id) or super().history_view(request, object_id, extra_context)

    def _looked(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """Log the look; where the glass is whole, lead to the page that asks why."""
        user = cast(User, request.user)
        if not is_open(request):
            if not user.is_superuser:
                raise PermissionDenied
            return HttpResponseRedirect(f"{reverse('admin_break_glass')}?next={request.path}")
        row = self.get_object(request, object_id) if object_id else None
        what: dict[str, Any] = {"looked_at": self.opts.model_name, "row": object_id or "list"}
        audit_append(action=AuditEntry.Action.BREAK_GLASS, by=user, interview=_interview(row), **what)
        return None


def _interview(row: Any) -> Interview | None:
    while row is not None and not isinstance(row, Interview):
        row = getattr(row, "interview", None) or getattr(row, "recording", None)
    return row
