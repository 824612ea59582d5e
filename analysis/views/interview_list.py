"""The list of interviews with the state of their analyses."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from analysis.filters import SORTS, InterviewFilterForm
from analysis.models import AnalysisRun
from analysis.selectors import interviews_with_run, modality_coverages
from interviews.models import Room, User
from interviews.paging import LongListPaginator
from interviews.selectors import interviews_visible
from interviews.selectors.people import workplace_of
from interviews.selectors.policy import interviews_policies

PER_PAGE = 50


@login_required
@require_safe
def interview_list(request: HttpRequest) -> HttpResponse:
    """The interviews that the person sees, in the order that they choose; the log for roles without interviews.

    An impossible filter value is named at its field and left open.
    """
    user = cast(User, request.user)
    workplace = workplace_of(user)
    if workplace.organization is None:
        return render(request, "interviews/no_organization.html")
    if not workplace.sees_interviews:
        return redirect("audit_log")
    visible = interviews_visible(user=user)
    filters = InterviewFilterForm(request.GET, queryset=visible, request=request)
    paginator = LongListPaginator(filters.qs, rows=visible.prefetch_related("recordings"), per_page=PER_PAGE)
    page: Any = paginator.get_page(request.GET.get("page"))
    interviews = interviews_with_run(interviews=page)
    policies = interviews_policies(interviews=interviews)
    coverages = modality_coverages(
        policies={one.run_id: policies[one.pk] for one in interviews if one.run_status == "succeeded"}
    )
    query = request.GET.copy()
    query.pop("page", None)
    unsorted = query.copy()
    unsorted.pop("sort", None)
    return render(
        request,
        "analysis/interview_list.html",
        {
            "filters": filters,
            "page": page,
            "rows": [(interview, coverages.get(interview.run_id, {})) for interview in interviews],
            "is_moving": any(is_moving(interview) for interview in interviews),
            "pages": page.paginator.get_elided_page_range(page.number),
            "total": f"{'more than ' if paginator.has_more else ''}{paginator.count:,}",
            "query": query.urlencode(),
            "unsorted": unsorted.urlencode(),
            "sort": filters.order,
            "added_next": "oldest" if filters.order == "newest" else "newest",
            "sort_words": SORTS[filters.order][0].lower(),
        },
    )


def is_moving(interview: Any) -> bool:
    """Whether its row will change by itself: an analysis is waiting or running, or a live room is open."""
    room = getattr(interview, "room", None)
    return interview.run_status in AnalysisRun.ACTIVE or (room is not None and room.status in (*Room.RUNNING, "ended"))
