"""The page on which an organization's administrator takes corrected labels out as training data."""

from typing import Final, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from analysis.reporting.exports.archive import document_text
from analysis.reporting.exports.cells import csv_text
from analysis.selectors.label_corrections import COLUMNS, NOT_AGREED, NOT_ALLOWED, SCHEMA, label_corrections
from interviews.models import AuditEntry, User
from interviews.reauthentication import password_required
from interviews.selectors.people import managed_organization
from interviews.services.audit import audit_append

KINDS: Final = {
    "label-corrections.csv": "text/csv; charset=utf-8",
    "label-corrections.json": "application/json",
}


@password_required
@require_safe
def label_corrections_page(request: HttpRequest) -> HttpResponse:
    """How many corrections there are, how many are left out and why, and the files."""
    organization = managed_organization(user=cast(User, request.user))
    found = label_corrections(organization=organization)
    context = {
        "organization": organization,
        "count": len(found["corrections"]),
        "not_agreed": found["left_out"][NOT_AGREED],
        "not_allowed": found["left_out"][NOT_ALLOWED],
        "files": KINDS,
        "schema": static(SCHEMA),
    }
    return render(request, "analysis/label_corrections.html", context)


@password_required
@require_safe
def label_corrections_file(request: HttpRequest, file: str) -> HttpResponse:
    """One of :data:`KINDS`."""
    user = cast(User, request.user)
    organization = managed_organization(user=user)
    if file not in KINDS:
        raise Http404
    found = label_corrections(organization=organization)
    audit_append(
        action=AuditEntry.Action.EXPORTED,
        by=user,
        organization=organization,
        file=file,
        corrections=len(found["corrections"]),
        **found["left_out"],
    )
    is_json = file.endswith(".json")
    rows = ([row[column] for column in COLUMNS] for row in found["corrections"])
    content = document_text(found) if is_json else csv_text(COLUMNS, rows)
    disposition = f'attachment; filename="{file}"'
    return HttpResponse(content, content_type=KINDS[file], headers={"Content-Disposition": disposition})
