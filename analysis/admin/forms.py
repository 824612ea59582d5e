"""What administrators enter about model versions. Services check what it means; these check that it is there."""

from __future__ import annotations

from typing import Any

from django import forms

from interviews.models import Organization

REASON_HELP = "Kept in the change log, with your name."


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=REASON_HELP,
    )


class CanaryForm(ReasonForm):
    """A trial on one organization, or on a share of everybody's new recordings."""

    organization = forms.ModelChoiceField(
        label="On whose recordings",
        required=False,
        queryset=Organization.objects.order_by("name"),
        empty_label="Everybody's",
    )
    percent = forms.IntegerField(
        label="Share of new recordings, in per cent",
        min_value=1,
        max_value=100,
        initial=20,
        help_text="100 is possible for one organization; a trial on everybody's needs a smaller share.",
    )
    field_order = ("organization", "percent", "reason")

    @property
    def chosen(self) -> dict[str, Any]:
        """As :func:`analysis.services.canary_start` takes it."""
        data = self.cleaned_data
        return {"organization": data["organization"], "share": data["percent"] / 100, "reason": data["reason"]}
