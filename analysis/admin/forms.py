"""Forms for model versions. They check that values are present and well-formed; services check the rest."""

from __future__ import annotations

from typing import Any

from django import forms

from analysis.models import Modality, ModelJob
from interviews.models import Organization

REASON_HELP = "Kept in the change log, with your name."


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=REASON_HELP,
        error_messages={"required": "Say why."},
    )


class CanaryForm(ReasonForm):
    """A trial on one organization, or on a share of all new recordings."""

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
        """The arguments of :func:`analysis.services.canary_start`."""
        data = self.cleaned_data
        return {"organization": data["organization"], "share": data["percent"] / 100, "reason": data["reason"]}


class UploadForm(forms.Form):
    """The upload of a network that was trained elsewhere."""

    modality = forms.ChoiceField(
        label="Modality", choices=[(key, name) for key, name in Modality.choices if key != Modality.EYE_GAZE]
    )
    file = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,  # the service refuses it with a sentence
        widget=forms.FileInput(attrs={"accept": ".keras,.tflite"}),
        help_text="A .keras file of Keras 3 or a .tflite file.",
    )
    upload_id = forms.UUIDField(required=False, widget=forms.HiddenInput())  # a file that was sent in pieces
    name = forms.CharField(label="Name", max_length=100, help_text="What people call it.")
    version = forms.CharField(label="Version", max_length=100, help_text="Letters, digits, points, dashes: studio-v1.")
    labels = forms.CharField(
        label="Labels, in the order of its outputs",
        max_length=1000,
        help_text="Separated by commas: all labels of the modality, each once.",
    )
    mean = forms.FloatField(label="Mean", required=False, help_text="Speech on MFCC: its inputs' mean.")
    std = forms.FloatField(label="Standard deviation", required=False, help_text="Speech: as above.")
    trained_on = forms.CharField(
        label="What it was trained on", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    licence = forms.CharField(
        label="Terms of use", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("upload_id") and given.get("file") is None and "file" not in self.errors:
            self.add_error("file", "Choose the model's file.")
        return given

    @property
    def received(self) -> dict[str, Any]:
        """The arguments of :func:`analysis.services.model_upload_receive`, except the file."""
        fields = {key: value for key, value in self.cleaned_data.items() if key not in ("file", "upload_id")}
        numbers = {key: fields.pop(key) for key in ("mean", "std")}
        trained_on = fields.pop("trained_on")
        return fields | {
            "data": trained_on,
            "labels": [label.strip() for label in fields["labels"].split(",")],
            "preprocessing": {key: value for key, value in numbers.items() if value is not None},
        }


class TrainForm(forms.Form):
    """A training with the options of ``train_model``."""

    modality = forms.ChoiceField(
        label="Modality", choices=[(key, name) for key, name in Modality.choices if key != Modality.EYE_GAZE]
    )
    version = forms.CharField(
        label="Name of the version it makes", required=False, max_length=100, help_text="By default the day and time."
    )
    recipe = forms.CharField(
        label="Recipe",
        required=False,
        max_length=100,
        help_text="The version whose trainer is followed, such as paper-v1 or compact-v2; by default the first one.",
    )
    epochs = forms.IntegerField(
        label="Epochs", required=False, min_value=1, max_value=1000, help_text="By default as many as the recipe says."
    )
    seed = forms.IntegerField(label="Seed", required=False, min_value=0, initial=0)

    @property
    def chosen(self) -> dict[str, Any]:
        """The arguments of :func:`analysis.services.model_job_request`."""
        options = dict(self.cleaned_data)
        return {"kind": ModelJob.Kind.TRAIN, "modality": options.pop("modality"), "options": options}
