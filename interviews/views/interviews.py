"""The list of interviews and the upload page."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.views.decorators.http import require_safe

from analysis.selectors import interviews_with_run, modality_coverages
from interviews.forms import InterviewFilterForm
from interviews.models import Interview, Position, User
from interviews.selectors import interviews_search
from interviews.services import CONSENT_STATEMENT, TRANSCRIPT_STATEMENT
from interviews.services.uploads import ACCEPTED_EXTENSIONS

PER_PAGE = 50


@login_required
@require_safe
def interview_list(request: HttpRequest) -> HttpResponse:
    """The organization's interviews, newest first. An impossible filter value is named at its field and left open."""
    user = cast(User, request.user)
    form = InterviewFilterForm(request.GET, user=user)
    form.is_valid()
    chosen = form.cleaned_data
    interviews = interviews_with_run(
        interviews=interviews_search(
            user=user,
            text=chosen.get("q", ""),
            position=getattr(chosen.get("position"), "pk", None),
            owner=getattr(chosen.get("owner"), "pk", None),
            created_from=chosen.get("from"),
            created_to=chosen.get("to"),
        ),
        status=chosen.get("status", ""),
    ).prefetch_related("recordings")
    page: Any = Paginator(interviews, PER_PAGE).get_page(request.GET.get("page"))
    coverages = modality_coverages(
        run_ids=[interview.run_id for interview in page if interview.run_status == "succeeded"]
    )
    others = request.GET.copy()
    others.pop("page", None)
    return render(
        request,
        "interviews/interview_list.html",
        {
            "form": form,
            "page": page,
            "rows": [(interview, coverages.get(interview.run_id, {})) for interview in page],
            "pages": page.paginator.get_elided_page_range(page.number),
            "filters": others.urlencode(),
        },
    )


@login_required
@require_safe
def interview_new(request: HttpRequest) -> HttpResponse:
    """The upload page; its script talks to the API."""
    return render(
        request,
        "interviews/interview_new.html",
        {
            "positions": Position.objects.visible_to(request.user),
            "languages": Interview.SpokenLanguage.choices,
            "consent_statement": CONSENT_STATEMENT,
            "transcript_statement": TRANSCRIPT_STATEMENT,
            "accept": ",".join(f".{extension}" for extension in ACCEPTED_EXTENSIONS),
            "extensions": ", ".join(ACCEPTED_EXTENSIONS),
            "max_size": filesizeformat(settings.MAX_UPLOAD_BYTES),
            "max_bytes": settings.MAX_UPLOAD_BYTES,
            "max_hours": settings.MAX_DURATION_S / 3600,
        },
    )
