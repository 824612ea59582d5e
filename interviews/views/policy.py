"""The page of policy: the table of rules, and what an organization's administrator has set beyond it."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from interviews.models import Interview, Organization, PolicySetting, User
from interviews.policy import TABLE, Jurisdiction, Purpose
from interviews.reauthentication import password_required
from interviews.selectors.people import workplace_of
from interviews.selectors.policy import lifts_ending, organization_policy
from interviews.services import policy as services

REASON = "Needed where more is allowed than before. The log keeps it."
STATED = [choice for choice in Purpose.choices if choice[0] != Purpose.UNKNOWN]


class PlacesForm(forms.Form):
    jurisdiction = forms.ChoiceField(label="Where does your organization work?", choices=Jurisdiction.choices)
    usual_purpose = forms.ChoiceField(label="What are your interviews for, usually?", choices=Purpose.choices)
    usual_jurisdiction = forms.ChoiceField(label="Where are your candidates, usually?", choices=Jurisdiction.choices)
    reason = forms.CharField(label="Why it is changed", required=False, max_length=500, help_text=REASON)


class SettingForm(forms.Form):
    lifted = forms.MultipleChoiceField(
        label="Switched on, because I confirm", required=False, widget=forms.CheckboxSelectMultiple
    )
    blocked = forms.MultipleChoiceField(
        label="Left out, beyond the rules",
        required=False,
        choices=[(key, TABLE.names[key]) for key in TABLE.keys],
        widget=forms.CheckboxSelectMultiple,
    )
    retention_days = forms.IntegerField(label="Days that interviews are kept", required=False)
    reason = forms.CharField(label="Why it is changed", required=False, max_length=500, help_text=REASON)

    def __init__(self, data: Any, *, purpose: str, initial: dict[str, Any]) -> None:
        super().__init__(data, prefix=purpose, initial=initial)
        liftable = [rule for rule in TABLE.rules if rule.is_liftable_for(purpose)]
        choices = [(rule.id, f"{rule.lift} This lifts the rule: {rule.title}.") for rule in liftable]
        cast(forms.MultipleChoiceField, self.fields["lifted"]).choices = choices
        if not choices:
            del self.fields["lifted"]
        for rule in (rule for rule in liftable if rule.lift_days):
            self.fields[f"on_{rule.id}"] = forms.DateField(
                label=rule.lift_on,
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}),
                help_text=f"Needed for: {rule.title}. It counts for {rule.lift_days} days.",
            )
            self.order_fields(["lifted", f"on_{rule.id}"])
        self.fields["retention_days"].help_text = f"Empty: {TABLE.retention_days[purpose]} days."


class StateForm(forms.Form):
    purpose = forms.ChoiceField(label="They were all for", choices=STATED)
    candidate_jurisdiction = forms.ChoiceField(label="Their candidates are in", choices=Jurisdiction.choices)
    reason = forms.CharField(label="How you know", max_length=500, required=False, help_text="The log keeps it.")


@password_required
def policy(request: HttpRequest) -> HttpResponse:
    """Administrators change it; privacy officers and auditors read it. ``do``: places, setting, state or clock."""
    user = cast(User, request.user)
    workplace = workplace_of(user)
    organization = workplace.organization
    if not workplace.reads_policy or organization is None:
        raise Http404
    forms_shown = _forms(request, organization)
    if request.method == "POST":
        if not workplace.manages_team:
            raise PermissionDenied
        if _change(request, organization, user, forms_shown):
            return redirect("policy")
    unstated = Interview.objects.filter(organization=organization, purpose=Purpose.UNKNOWN).count()
    context = {
        **forms_shown,
        "organization": organization,
        "can_change": workplace.manages_team,
        "table": TABLE,
        "lifts_ending": lifts_ending(organization=organization),
        "unstated": unstated,
        "undated": Interview.objects.filter(organization=organization, kept_from=None).count(),
        "rows": [_row(organization, purpose, name, forms_shown["settings"][purpose]) for purpose, name in STATED],
        "rules": [(rule, [TABLE.names[key] for key in rule.blocks]) for rule in TABLE.rules],
    }
    return render(request, "interviews/policy.html", context)


def _forms(request: HttpRequest, organization: Organization) -> dict[str, Any]:
    """The forms; the one that was sent has what was sent."""
    do, purpose = request.POST.get("do", ""), request.POST.get("purpose_of", "")
    sent = request.POST if request.method == "POST" else None
    names = ("jurisdiction", "usual_purpose", "usual_jurisdiction")
    rows = {row.purpose: row for row in PolicySetting.objects.filter(organization=organization)}
    return {
        "places": PlacesForm(
            sent if do == "places" else None, initial={name: getattr(organization, name) for name in names}
        ),
        "state": StateForm(sent if do == "state" else None, auto_id="state_%s"),
        "settings": {
            one: SettingForm(
                sent if do == "setting" and purpose == one else None,
                purpose=one,
                initial=_initial(rows.get(one, PolicySetting())),
            )
            for one, _ in STATED
        },
    }


def _initial(setting: PolicySetting) -> dict[str, Any]:
    return {
        "lifted": setting.lifted,
        "blocked": setting.blocked,
        "retention_days": setting.retention_days,
        **{f"on_{rule}": day for rule, day in setting.lifted_on.items()},
    }


def _change(request: HttpRequest, organization: Organization, user: User, shown: dict[str, Any]) -> bool:
    """Whether something was changed; errors stand at the form."""
    do, purpose = request.POST.get("do", ""), request.POST.get("purpose_of", "")
    if do == "clock":
        count = services.interviews_clock_start(organization=organization, by=user)
        messages.success(request, f"The time of {count} interviews begins today.")
        return True
    form = shown["settings"].get(purpose) if do == "setting" else shown.get(do)
    if not isinstance(form, forms.Form) or not form.is_valid():
        return False
    try:
        if isinstance(form, PlacesForm):
            services.organization_places_set(organization=organization, by=user, **form.cleaned_data)
        elif isinstance(form, SettingForm):
            fields = dict(form.cleaned_data)
            days = {name[3:]: fields.pop(name) for name in list(fields) if name.startswith("on_")}
            lifted_on = {rule: day for rule, day in days.items() if day}
            services.policy_setting_set(
                organization=organization, by=user, purpose=purpose, lifted_on=lifted_on, **fields
            )
        else:
            services.interviews_purpose_state(organization=organization, by=user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, "It is stored, and in the log.")
    return True


def _row(organization: Organization, purpose: str, name: str, form: SettingForm) -> dict[str, Any]:
    decision = organization_policy(
        organization=organization, purpose=purpose, candidate_jurisdiction=organization.usual_jurisdiction
    )
    allowed = [TABLE.names[key] for key in TABLE.keys if decision.allows(key)]
    return {"purpose": purpose, "name": name, "form": form, "decision": decision, "allowed": allowed}
