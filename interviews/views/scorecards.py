"""The scorecard of an interview with the decision about it, and the page of an organization's criteria."""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from interviews.errors import Refusal
from interviews.models import Criterion, Decision, Interview, User
from interviews.models.scorecards import SCALE
from interviews.permissions import can_change_interview
from interviews.reauthentication import password_required
from interviews.selectors import get_changeable_interview, get_interview
from interviews.selectors.people import managed_organization
from interviews.selectors.scorecards import ratings_page
from interviews.services import criteria as criteria_services
from interviews.services.scorecards import Cell, decision_add, scorecard_save, scorecard_waive


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(label="Decision", choices=[("", "Choose …"), *Decision.Outcome.choices])
    reason = forms.CharField(label="Reason", widget=forms.Textarea(attrs={"rows": 3}))


class CriterionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Criterion
        fields = ("name", "anchor_low", "anchor_middle", "anchor_high", "per_question")


@login_required
def scorecard(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """One's own scorecard, with those of others once it is submitted. ``do``: save, submit or waive."""
    user = cast(User, request.user)
    interview = get_interview(user, interview_id)
    problem, do = "", request.POST.get("do")
    if request.method == "POST":
        try:
            if do == "waive":
                scorecard_waive(interview=interview, by=user)
            else:
                scores, comment = scores_posted(request.POST, interview), request.POST.get("comment", "")
                # What was rated so far is kept, also where it is too little to be submitted.
                scorecard_save(interview=interview, by=user, scores=scores, comment=comment)
                if do == "submit":
                    scorecard_save(interview=interview, by=user, scores=scores, comment=comment, submit=True)
        except ValidationError as error:
            problem = " ".join(error.messages)
        except Refusal as error:
            problem = str(error)
        else:
            said = {"waive": "You read this interview without rating it.", "submit": "Your scorecard is submitted."}
            messages.success(request, said.get(do or "", "Your draft is kept. Nobody else sees it."))
            return redirect("scorecard", interview_id=interview.pk)
    context = {
        "interview": interview,
        "problem": problem,
        "scale": SCALE,
        "can_decide": can_change_interview(user, interview),
        "decision_form": DecisionForm(),
        **ratings_page(interview=interview, user=user),
    }
    return render(request, "interviews/scorecards/scorecard.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    user = cast(User, request.user)
    interview = get_changeable_interview(user, interview_id)
    posted = {"outcome": request.POST.get("outcome", ""), "reason": request.POST.get("reason", "")}
    try:
        decision_add(interview=interview, by=user, **posted)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "The decision is kept.")
    return redirect("scorecard", interview_id=interview.pk)


@password_required
def criteria(request: HttpRequest) -> HttpResponse:
    """The criteria of the organization that the person administers; with a form for another one."""
    user = cast(User, request.user)
    organization = managed_organization(user=user)
    form = CriterionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            criteria_services.criterion_add(organization=organization, by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            return redirect("criteria")
    context = {
        "organization": organization,
        "criteria": organization.criteria.filter(retired_at=None),
        "form": form,
    }
    return render(request, "interviews/scorecards/criteria.html", context)


@password_required
@require_POST
def criterion_do(request: HttpRequest, criterion_id: UUID) -> HttpResponse:
    """``do``: up, down or retire."""
    user = cast(User, request.user)
    criterion = get_object_or_404(managed_organization(user=user).criteria.filter(retired_at=None), pk=criterion_id)
    do = request.POST.get("do")
    if do == "retire":
        criteria_services.criterion_retire(criterion=criterion, by=user)
    elif do in ("up", "down"):
        criteria_services.criterion_move(criterion=criterion, by=user, up=do == "up")
    return redirect("criteria")


@password_required
@require_POST
def rate_first(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    rates_first = request.POST.get("rate_first") == "yes"
    criteria_services.rate_first_set(organization=managed_organization(user=user), by=user, rate_first=rates_first)
    return redirect("criteria")


def scores_posted(posted: QueryDict, interview: Interview) -> dict[Cell, int | None]:
    """The fields ``score-CRITERION`` and ``score-CRITERION-QUESTION`` of the form."""
    criteria, questions = interview.organization.criteria.all(), list(interview.questions.all())
    scores: dict[Cell, int | None] = {}
    for criterion in criteria:
        for question in (None, *questions):
            name = f"score-{criterion.pk}" + (f"-{question.pk}" if question else "")
            value = posted.get(name, "")
            if value in {str(step) for step in SCALE}:
                scores[criterion.pk, question.pk if question else None] = int(value)
    return scores
