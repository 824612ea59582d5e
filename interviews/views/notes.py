"""The notes of an interview as a part of its page, fetched again after a change."""

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from interviews.models import User
from interviews.selectors import get_interview
from interviews.selectors.notes import notes_page


@login_required
@require_safe
def interview_notes(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    user = cast(User, request.user)
    interview = get_interview(user, interview_id)
    context = {"interview": interview, **notes_page(interview=interview, user=user)}
    return render(request, "interviews/notes/_list.html", context)
