"""The page of one interview's consent: every answer, what shows them, and the link to the candidate's own page; and
files that show what rules asked for."""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from analysis.services import upload_agreed
from interviews.errors import Refusal
from interviews.models import AuditEntry, ConsentEvidence, Interview, RuleRecord, User
from interviews.selectors import consents_of, get_changeable_interview, get_interview
from interviews.services.audit import audit_view
from interviews.services.evidence import ENDINGS, consent_evidence_add
from interviews.services.own_page import own_page_link_create, own_page_link_mail


class EvidenceForm(forms.Form):
    basis = forms.ChoiceField(label="How the candidate agreed", choices=ConsentEvidence.Basis.choices)
    words = forms.CharField(
        label="In words",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What was said or written, when, and where the original is.",
    )
    file = forms.FileField(label="A file that shows it", required=False, help_text=", ".join(ENDINGS))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def interview_consent(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """The page; evidence that was missing lets the analysis begin."""
    user = cast(User, request.user)
    interview = get_changeable_interview(user, interview_id)
    is_evidence = request.method == "POST" and request.POST.get("do") == "evidence"
    form = EvidenceForm(request.POST, request.FILES) if is_evidence else EvidenceForm()
    if is_evidence and form.is_valid():
        try:
            consent_evidence_add(interview=interview, by=user, **form.cleaned_data)
            begun = upload_agreed(interview=interview, by=user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Stored. The analysis is queued." if begun else "Stored.")
            return redirect("interview_consent", interview_id=interview.pk)
    elif request.method == "POST" and not is_evidence:
        _send_link(request, interview, user)
        return redirect("interview_consent", interview_id=interview.pk)
    context = {
        "interview": interview,
        "form": form,
        "consents": consents_of(interview_id=interview.pk),
        "consent_events": interview.consent_events.select_related("recorded_by"),
        "evidence": interview.consent_evidence.select_related("recorded_by"),
    }
    return render(request, "analysis/consent.html", context)


@login_required
@require_safe
def consent_evidence_file(request: HttpRequest, interview_id: UUID, evidence_id: UUID) -> HttpResponse:
    """A file of evidence or of a rule's record, to be saved; it is never shown within our pages."""
    user = cast(User, request.user)
    interview = get_interview(user, interview_id)
    evidence = (
        ConsentEvidence.objects.filter(pk=evidence_id, interview=interview).first()
        or RuleRecord.objects.filter(pk=evidence_id, interview=interview).first()
    )
    if evidence is None or not evidence.file:
        raise Http404
    what = f"{evidence.pk} evidence"
    audit_view(action=AuditEntry.Action.EXPORTED, by=user, interview=interview, what=what, evidence=evidence.pk)
    with evidence.file.open() as file:
        response = HttpResponse(file.read(), content_type="application/octet-stream")
    ending = str(evidence.file.name).rpartition(".")[2]
    what = evidence.rule if isinstance(evidence, RuleRecord) else "consent"
    response["Content-Disposition"] = f'attachment; filename="{what}-{evidence.at:%Y-%m-%d}.{ending}"'
    return response


def _send_link(request: HttpRequest, interview: Interview, user: User) -> None:
    try:
        token = own_page_link_create(interview=interview, by=user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return
    url = request.build_absolute_uri(reverse("own_page_door", args=[token]))
    if own_page_link_mail(interview=interview, url=url):
        messages.success(request, f"The link is on its way to {interview.candidate.email}.")
    else:
        messages.warning(request, f"It could not be mailed. Send this link to the candidate yourself: {url}")
