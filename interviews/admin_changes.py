"""What administrators of the installation change in the admin: after their password, and written to the log."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern

from interviews.models import AuditEntry, Membership, Organization, User
from interviews.reauthentication import password_required
from interviews.services.audit import audit_append


class LoggedChanges(admin.ModelAdmin):
    """Every page asks for the password where it was not entered lately, and every change is an entry with the names of
    fields, and without what is in them."""

    def get_urls(self) -> list[URLPattern]:
        urls = super().get_urls()
        for url in urls:
            url.callback = password_required(url.callback)
        return urls

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._append(request, obj, "added", message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._append(request, obj, "changed", message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self._append(request, obj, "removed", [])
        return super().log_deletions(request, queryset)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.model is not Membership:
            return
        changes = [("membership added", one) for one in formset.new_objects]
        changes += [("membership changed", one) for one, _ in formset.changed_objects]
        changes += [("membership removed", one) for one in formset.deleted_objects]
        by = cast(User, request.user)
        for what, one in changes:
            details = {"change": f"{what} in the administration", "member": one.user_id, "role": one.role}
            audit_append(action=AuditEntry.Action.ACCESS_CHANGED, by=by, organization=one.organization, **details)

    def _append(self, request: HttpRequest, obj: Any, change: str, message: Any) -> None:
        said = message if isinstance(message, list) else []
        audit_append(
            action=AuditEntry.Action.ACCOUNT_CHANGED if isinstance(obj, User) else AuditEntry.Action.SETTINGS_CHANGED,
            by=cast(User, request.user),
            organization=obj if isinstance(obj, Organization) else getattr(obj, "organization", None),
            change=f"{self.opts.verbose_name} {change} in the administration",
            row=obj.pk,
            fields=[name for one in said for name in one.get("changed", {}).get("fields", [])],
        )
