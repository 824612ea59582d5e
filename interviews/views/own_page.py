"""The door to the candidate's own page: its link, and the code that says more than the link."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from interviews.errors import Refusal
from interviews.models import Interview
from interviews.selectors.own_page import GRANTS, get_own_page, own_page_by_token, token_sha256
from interviews.services.own_page import code_check, code_mail

ON_ITS_WAY = "A code is on its way to you. Enter it here within a quarter of an hour."
NOT_MAILED = "The code could not be mailed, because Candor has no mail server here."


@require_http_methods(["GET", "HEAD", "POST"])
def own_page_door(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link. Looking at it changes nothing and shows nothing of the interview, because programs that
    scan mail look too; its button opens the page in this browser."""
    interview = own_page_by_token(token=token)
    room = getattr(interview, "room", None)
    if room is not None and room.is_running:
        return redirect("join", token=token)
    if interview is None:
        return render(request, "interviews/own_page/door.html", {"interview": None}, status=404)
    if Interview.objects.visible_to(request.user).filter(pk=interview.pk).exists():
        context = {"interview": interview, "is_colleague": True}
        return render(request, "interviews/own_page/door.html", context, status=403)
    if request.method == "POST":
        request.session[GRANTS] = {**request.session.get(GRANTS, {}), str(interview.pk): token_sha256(token)}
        return redirect("own_page", interview_id=interview.pk)
    return render(request, "interviews/own_page/door.html", {"interview": interview})


@require_POST
def own_page_confirm(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Mail a code to the candidate, or check the one that was entered."""
    page = get_own_page(request.session, interview_id)
    code = request.POST.get("code", "")
    if not code:
        try:
            is_mailed = code_mail(interview=page.interview, session=request.session)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.info(request, ON_ITS_WAY if is_mailed else f"{NOT_MAILED} Ask {page.interview.owner} about it.")
    elif code_check(interview=page.interview, session=request.session, code=code):
        messages.success(request, "Thank you. Everything of this page is open now.")
    else:
        messages.warning(request, "This is not the code, or it is too old. Have a new one sent.")
    return redirect("own_page", interview_id=interview_id)
