"""The page of an interview's exports with its files, and the list of interviews as CSV."""

from collections.abc import Iterator
from typing import Any, Final, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from analysis.filters import InterviewFilterForm
from analysis.reporting.exports.archive import archive_of, document_text
from analysis.reporting.exports.cells import csv_lines
from analysis.reporting.exports.paper import PdfUnavailable, pdf_of
from analysis.reporting.exports.tables import timelines_table
from analysis.selectors import run_latest_succeeded
from analysis.selectors.exports import SCHEMA, interview_export
from analysis.selectors.interview_rows import LIST_COLUMNS, interview_rows
from analysis.selectors.transcripts import transcript_files
from interviews.models import AuditEntry, Interview, User
from interviews.selectors import get_interview, interviews_visible
from interviews.selectors.scorecards import has_rated, readings_locked
from interviews.services.audit import audit_append

KINDS: Final = {
    "interview.zip": "application/zip",
    "report.pdf": "application/pdf",
    "interview.json": "application/json",
    "timelines.csv": "text/csv; charset=utf-8",
}


@login_required
@require_safe
def interview_exports(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """The choice of a file and of what goes into it."""
    user = cast(User, request.user)
    interview = get_interview(user, interview_id)
    context = {
        "interview": interview,
        "is_locked": readings_locked(interview=interview, user=user),
        "run": run_latest_succeeded(interview=interview),
        "has_rated": has_rated(interview=interview, user=user),
        "transcript": transcript_files(interview=interview),
        "schema": static(SCHEMA),
    }
    return render(request, "analysis/exports.html", context)


@login_required
@require_safe
def interview_export_file(request: HttpRequest, interview_id: UUID, file: str) -> HttpResponseBase:
    """One of :data:`KINDS`; ``?notes=1`` and ``?ratings=1`` put those in."""
    user = cast(User, request.user)
    interview = get_interview(user, interview_id)
    if file not in KINDS:
        raise Http404
    if readings_locked(interview=interview, user=user):
        return redirect("scorecard", interview_id=interview.pk)
    chosen: dict[str, Any] = {part: request.GET.get(part) == "1" for part in ("notes", "ratings")}
    export = interview_export(interview=interview, user=user, **chosen)
    try:
        content = _content(file, interview, export)
    except PdfUnavailable as error:
        messages.error(request, str(error))
        return redirect("interview_exports", interview_id=interview.pk)
    run = export["analysis"] and export["analysis"]["id"]
    audit_append(action=AuditEntry.Action.EXPORTED, by=user, interview=interview, file=file, run=run or "", **chosen)
    saved_as = f"{slugify(interview.candidate.name) or 'interview'}-{file}"
    disposition = f'attachment; filename="{saved_as}"'
    return HttpResponse(content, content_type=KINDS[file], headers={"Content-Disposition": disposition})


@login_required
@require_safe
def interviews_export(request: HttpRequest) -> StreamingHttpResponse:
    """The list of interviews with the filters of the page, as CSV. It has coverage and versions, and no metric."""
    user = cast(User, request.user)
    visible = interviews_visible(user=user)
    found = InterviewFilterForm(request.GET, queryset=visible, request=request).qs
    organization = user.memberships.select_related("organization").order_by("created_at").first()
    audit_append(
        action=AuditEntry.Action.EXPORTED,
        by=user,
        organization=organization.organization if organization else None,
        file="interviews.csv",
    )
    lines: Iterator[Any] = csv_lines(LIST_COLUMNS, interview_rows(found=found, visible=visible))
    headers = {"Content-Disposition": 'attachment; filename="interviews.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _content(name: str, interview: Interview, export: dict[str, Any]) -> str | bytes:
    if name == "report.pdf":
        return pdf_of(export)
    if name == "interview.json":
        return document_text(export)
    if name == "timelines.csv":
        if export["analysis"] is None:
            raise Http404
        return timelines_table(export["analysis"]).text()
    files: dict[str, str | bytes] = dict(transcript_files(interview=interview)) if export["transcript"] else {}
    try:
        files["report.pdf"] = pdf_of(export)
    except PdfUnavailable as error:
        files["report.pdf is missing.txt"] = f"{error}\n"
    return archive_of(export, files=files)
