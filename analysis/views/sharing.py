"""Shared pages: the links of an interview, and the page behind one, which needs no account."""

from typing import Any, cast
from uuid import UUID

from asgiref.sync import sync_to_async
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analysis.selectors.playback import playback_file
from analysis.selectors.sharing import shared_page_present
from interviews.counting import within_limit
from interviews.errors import Refusal
from interviews.file_responses import StoredFile, file_response
from interviews.models import ShareLink, User
from interviews.selectors import consents_of, get_changeable_interview
from interviews.selectors.sharing import UNLOCKED, share_by_token, share_unlocked
from interviews.services.sharing import MAXIMUM_DAYS, NOT_AGREED, share_create, share_opened, share_revoke

Part = ShareLink.Part
GUESSES, GUESSES_S = 10, 900.0


class ShareForm(forms.Form):
    note = forms.CharField(label="For whom", required=False, help_text="For your own list; they do not see it.")
    parts = forms.MultipleChoiceField(
        label="What it shows",
        choices=Part.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Part.READINGS, Part.TRANSCRIPT],
    )
    days = forms.IntegerField(label="Days until it ends", min_value=1, max_value=MAXIMUM_DAYS, initial=7)
    password = forms.CharField(
        label="Password",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Optional, at least 8 characters. Tell it them another way than the link.",
    )


@login_required
def interview_sharing(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """The links of an interview, with a form for another one; a new link is shown once."""
    user = cast(User, request.user)
    interview = get_changeable_interview(user, interview_id)
    form = ShareForm(request.POST if request.method == "POST" else None)
    url = ""
    if request.method == "POST" and form.is_valid():
        try:
            _, token = share_create(interview=interview, by=user, **form.cleaned_data)
        except (Refusal, ValidationError) as error:
            form.add_error(None, error if isinstance(error, ValidationError) else str(error))
        else:
            url = request.build_absolute_uri(reverse("shared_page", args=[token]))
            form = ShareForm()
    agreed = consents_of(interview_id=interview.pk).sharing
    context = {
        "interview": interview,
        "form": form,
        "url": url,
        "links": interview.share_links.select_related("created_by"),
        "not_agreed": "" if agreed else NOT_AGREED,
    }
    return render(request, "analysis/sharing/links.html", context)


@login_required
@require_POST
def share_link_revoke(request: HttpRequest, interview_id: UUID, share_id: UUID) -> HttpResponse:
    user = cast(User, request.user)
    interview = get_changeable_interview(user, interview_id)
    share_revoke(share=get_object_or_404(ShareLink, pk=share_id, interview=interview), by=user)
    messages.success(request, "The link does not work any more.")
    return redirect("interview_sharing", interview_id=interview.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shared_page(request: HttpRequest, token: str) -> HttpResponse:
    """The chosen parts of one report, after its password where it has one."""
    share = share_by_token(token=token)
    if share is None:
        return render(request, "analysis/sharing/closed.html", status=410)
    if not share_unlocked(share=share, session=request.session):
        return _unlock(request, share, token)
    share_opened(share=share, what="page")
    context: dict[str, Any] = {"share": share, "token": token, **shared_page_present(share=share)}
    return render(request, "analysis/sharing/page.html", context)


@never_cache
@require_safe
async def shared_recording(request: HttpRequest, token: str) -> HttpResponseBase:
    """The recording behind a link, or the part of it that the ``Range`` header asks for."""
    stored = await sync_to_async(_recording_of)(request, token)
    return await file_response(request, stored)


def _recording_of(request: HttpRequest, token: str) -> StoredFile:
    share = share_by_token(token=token)
    if share is None or Part.RECORDING not in share.parts or not share_unlocked(share=share, session=request.session):
        raise Http404
    recording = share.interview.recordings.first()
    if recording is None:
        raise Http404
    share_opened(share=share, what="recording")
    return playback_file(recording=recording)


def _unlock(request: HttpRequest, share: ShareLink, token: str) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        if not within_limit(f"share-password:{share.pk}", limit=GUESSES, period_s=GUESSES_S):
            problem = "Too many wrong passwords. Try again in a quarter of an hour."
        elif check_password(request.POST.get("password", ""), share.password):
            request.session[UNLOCKED] = [*request.session.get(UNLOCKED, []), str(share.pk)]
            return redirect("shared_page", token=token)
        else:
            problem = "This password is wrong."
    return render(request, "analysis/sharing/password.html", {"problem": problem}, status=403)
