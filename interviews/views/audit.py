"""The page of the audit log."""

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from interviews.models import AuditEntry, User
from interviews.selectors.audit import audit_rows, audit_visible
from interviews.selectors.people import workplace_of

PER_PAGE = 100


class LogFilterForm(forms.Form):
    action = forms.ChoiceField(label="What", required=False, choices=[("", "All"), *AuditEntry.Action.choices])
    interview = forms.UUIDField(label="Interview", required=False, help_text="Its id, as in its address.")
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def narrow(self, entries: Any) -> Any:
        self.is_valid()
        chosen = self.cleaned_data
        if chosen.get("action"):
            entries = entries.filter(action=chosen["action"])
        if chosen.get("interview"):
            entries = entries.filter(interview=chosen["interview"])
        if isinstance(chosen.get("since"), date):
            entries = entries.filter(at__date__gte=chosen["since"])
        return entries


@login_required
@require_safe
def audit_log(request: HttpRequest) -> HttpResponse:
    """The entries of the organization, the latest first."""
    user = cast(User, request.user)
    if not workplace_of(user).reads_log:
        raise Http404
    form = LogFilterForm(request.GET)
    page: Any = Paginator(form.narrow(audit_visible(user=user)), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"form": form, "page": page, "rows": audit_rows(entries=page), "query": query.urlencode()}
    return render(request, "interviews/audit_log.html", context)
