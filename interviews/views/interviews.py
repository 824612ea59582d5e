"""The upload page."""

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.views.decorators.http import require_safe

from interviews.consent_words import UPLOAD, UPLOAD_TRANSCRIPT
from interviews.file_names import ACCEPTED, refusals
from interviews.models import ConsentEvidence, Interview, Position, User
from interviews.policy import Jurisdiction, Purpose
from interviews.selectors import organization_of


@login_required
@require_safe
def interview_new(request: HttpRequest) -> HttpResponse:
    """The upload page; its script talks to the API. Who adds interviews nowhere is told so before the work."""
    if organization_of(cast(User, request.user)) is None:
        return render(request, "interviews/no_organization.html")
    return render(
        request,
        "interviews/interview_new.html",
        {
            "positions": Position.objects.visible_to(request.user),
            "languages": Interview.SpokenLanguage.choices,
            "purposes": Purpose.choices,
            "jurisdictions": Jurisdiction.choices,
            "bases": ConsentEvidence.Basis.choices,
            "consent_statement": UPLOAD,
            "transcript_statement": UPLOAD_TRANSCRIPT,
            "accept": ",".join(f".{ending}" for ending in ACCEPTED),
            "extensions": ", ".join(ACCEPTED),
            "file_names": refusals(),
            "max_size": filesizeformat(settings.MAX_UPLOAD_BYTES),
            "max_bytes": settings.MAX_UPLOAD_BYTES,
            "max_hours": settings.MAX_DURATION_S / 3600,
        },
    )
