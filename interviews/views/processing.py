"""The page with an organization's records of processing."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from interviews.models import User
from interviews.selectors.notice import organization_notice
from interviews.selectors.people import workplace_of
from interviews.selectors.processing import processing_activities, processing_recipients


@login_required
@require_safe
def processing_records(request: HttpRequest) -> HttpResponse:
    """For administrators and privacy officers."""
    user = cast(User, request.user)
    workplace = workplace_of(user)
    organization = workplace.organization
    if not workplace.keeps_data or organization is None:
        raise Http404
    context = {
        "organization": organization,
        "activities": processing_activities(organization=organization),
        "recipients": processing_recipients(organization=organization),
        "notice": organization_notice(organization=organization, owner=user),
    }
    return render(request, "interviews/processing_records.html", context)
