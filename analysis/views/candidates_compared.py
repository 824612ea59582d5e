"""Up to four interviews of a position side by side. The order is the reader's; nothing is sorted by a number."""

from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis.selectors.candidates_compared import (
    MAXIMUM,
    interviews_chosen,
    interviews_offered,
    interviews_side_by_side,
)
from interviews.models import AuditEntry, User
from interviews.services.audit import audit_view


@login_required
@require_safe
def interviews_compare(request: HttpRequest) -> HttpResponse:
    """``?i=`` for each interview, in the order of the columns; what the person does not see is left out."""
    user = cast(User, request.user)
    chosen = interviews_chosen(user=user, ids=_ids(request.GET.getlist("i")))
    compared = interviews_side_by_side(user=user, interviews=chosen)
    for column in compared["columns"]:
        interview = column["interview"]
        if not column["problem"]:
            action, what = AuditEntry.Action.REPORT_VIEWED, f"{interview.pk} beside others"
            audit_view(action=action, by=user, interview=interview, what=what, beside=len(chosen) - 1)
    ids = [str(interview.pk) for interview in chosen]
    for at, column in enumerate(compared["columns"]):
        column["earlier"] = _address([*ids[: at - 1], ids[at], ids[at - 1], *ids[at + 1 :]]) if at else ""
        column["without"] = _address([*ids[:at], *ids[at + 1 :]])
    offered = interviews_offered(user=user, chosen=chosen) if chosen and len(chosen) < MAXIMUM else []
    context = {**compared, "ids": ids, "offered": offered, "maximum": MAXIMUM}
    return render(request, "analysis/interviews_compare.html", context)


def _ids(texts: list[str]) -> list[UUID]:
    """The ids among ``texts``; what is none is left out."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _address(ids: list[str]) -> str:
    return "?" + urlencode([("i", one) for one in ids])
