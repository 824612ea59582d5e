"""Base of custom admin pages: the admin's layout, permissions, and refusals shown as sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from analysis.admin.forms import ReasonForm
from analysis.services import ModelRefused
from interviews.models import User

Result = TypeVar("Result")


class ModelPages(admin.ModelAdmin):
    """An admin with custom list and detail pages, whose changes are made by services."""

    routes: tuple[tuple[str, str], ...] = ()
    """Further pages as (route, name of the method); a page ``x`` is ``admin:analysis_<model>_x``."""

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                route,
                self.admin_site.admin_view(getattr(self, method)),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{method.removesuffix('_view')}",
            )
            for route, method in self.routes
        ]
        return own + super().get_urls()

    def page(self, request: HttpRequest, template: str, *, title: str, **context: Any) -> HttpResponse:
        rights = {
            "can_add": self.has_add_permission(request),
            "can_change": self.has_change_permission(request),
            "can_delete": self.has_delete_permission(request),
        }
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, f"admin/analysis/{template}.html", {**frame, **rights, **context})

    def require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def require_change(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied

    def confirmed(
        self,
        request: HttpRequest,
        *,
        act: Callable[[str], str],
        back: str,
        done: str = "",
        template: str = "model_confirm",
        **page: Any,
    ) -> HttpResponse:
        """Ask for a reason, then call ``act(reason)``, which returns a sentence of success or raises a refusal.

        ``back`` is where "Cancel" leads, ``done`` where success does (default: the same).
        """
        self.require_change(request)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            sentence = refusal_shown(form, lambda: act(form.cleaned_data["reason"]))
            if sentence is not None:
                messages.success(request, sentence)
                return HttpResponseRedirect(done or back)
        return self.page(request, template, form=form, back=back, **page)

    def do(self, request: HttpRequest, *, act: Callable[[], str], back: str) -> HttpResponse:
        """Act without confirmation, by POST only; success or refusal is shown on the page ``back``."""
        self.require_change(request)
        if request.method == "POST":
            try:
                messages.success(request, act())
            except ModelRefused as error:
                messages.error(request, str(error))
        return HttpResponseRedirect(back)


def refusal_shown(form: forms.Form, act: Callable[[], Result]) -> Result | None:
    """The result of ``act``; None when a service refused, with the reason added to the form."""
    try:
        return act()
    except ModelRefused as error:
        form.add_error(None, str(error))
        return None


def administrator(request: HttpRequest) -> User:
    """The user of the request: ``admin_view`` has checked that they are logged in."""
    return cast(User, request.user)
