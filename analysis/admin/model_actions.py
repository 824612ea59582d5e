"""Actions on a model version. Each page asks for confirmation, calls one service, and shows the outcome."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from analysis.admin.forms import CanaryForm
from analysis.admin.pages import ModelPages, administrator, refusal_shown
from analysis.model_quality.floors import floor_shortfall
from analysis.models import Canary, Modality, ModelJob, ModelVersion
from analysis.reporting.model_versions import comparison_present
from analysis.selectors import model_usage, rollback_target
from analysis.selectors.model_versions import get_model_version
from analysis.services import (
    ModelRefused,
    canary_end,
    canary_start,
    model_job_request,
    model_version_activate,
    model_version_delete,
    model_version_retire,
    model_version_rollback,
    weights_verify,
)


class ModelActions(ModelPages):
    routes: tuple[tuple[str, str], ...] = (
        ("<uuid:version_id>/activate/", "activate_view"),
        ("<uuid:version_id>/retire/", "retire_view"),
        ("<uuid:version_id>/evaluate/", "evaluate_view"),
        ("<uuid:version_id>/verify/", "verify_view"),
        ("<uuid:version_id>/trial/", "trial_view"),
        ("trials/<uuid:canary_id>/end/", "trial_end_view"),
        ("roll-back/<str:modality>/", "roll_back_view"),
    )

    def activate_view(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        version = get_model_version(version_id)
        active = ModelVersion.objects.active().filter(modality=version.modality).first()

        def act(reason: str) -> str:
            model_version_activate(version=version, by=administrator(request), reason=reason)
            return f"Version {version.version} is active: new analyses use it from now on."

        return self.confirmed(
            request,
            act=act,
            back=address_of(version),
            template="model_activate",
            title=f"Activate {version.version}?",
            version=version,
            active=active,
            rows=comparison_present(version, active),
            shortfall=floor_shortfall(version),
        )

    def retire_view(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        version = get_model_version(version_id)

        def act(reason: str) -> str:
            model_version_retire(version=version, by=administrator(request), reason=reason)
            return f"Version {version.version} is retired. The reports made with it go on naming it."

        return self.confirmed(
            request,
            act=act,
            back=address_of(version),
            title=f"Retire {version.version}?",
            version=version,
            says="It leaves the list of versions that may come into service. Reports made with it stay, and its "
            "weights stay verifiable. It can be activated again.",
            button="Retire",
        )

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Delete a version that was never used; the service refuses all others with a sentence."""
        version = self.get_object(request, object_id)
        if version is None:
            raise Http404

        def act(reason: str) -> str:
            model_version_delete(version=version, by=administrator(request), reason=reason)
            return f"Version {version.version} and its files are deleted."

        usage = model_usage(version=version)
        return self.confirmed(
            request,
            act=act,
            back=address_of(version),
            done=reverse("admin:analysis_modelversion_changelist"),
            title=f"Delete {version.version}?",
            version=version,
            says="Its files are removed and cannot be brought back. The change log keeps its name."
            if not usage["runs"] and not usage["shadows"]
            else "Reports were made with this version and go on naming it, so it cannot be deleted. You can retire it.",
            button="Delete",
            is_dangerous=True,
        )

    def roll_back_view(self, request: HttpRequest, modality: str) -> HttpResponse:
        if modality not in Modality.values:
            raise Http404
        back = reverse("admin:analysis_modelversion_changelist")
        target = rollback_target(modality=modality)

        def act(reason: str) -> str:
            version = model_version_rollback(modality=modality, by=administrator(request), reason=reason)
            return f"Rolled back: version {version.version} is active again, and new analyses use it from now on."

        says = (
            f"Version {target.version} becomes active again. Analyses that are running finish on the version they "
            "started with."
            if target
            else "There is no earlier version to roll back to."
        )
        return self.confirmed(
            request,
            act=act,
            back=back,
            title=f"Roll back {Modality(modality).label.lower()}?",
            version=target,
            says=says,
            button="Roll back",
        )

    def trial_view(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        self.require_change(request)
        version = get_model_version(version_id)
        form = CanaryForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            chosen = form.chosen
            started = refusal_shown(form, lambda: canary_start(version=version, by=administrator(request), **chosen))
            if started is not None:
                messages.success(request, f"The trial of {version.version} has begun.")
                return HttpResponseRedirect(address_of(version))
        return self.page(
            request,
            "model_trial",
            title=f"Try {version.version}",
            version=version,
            form=form,
            back=address_of(version),
        )

    def trial_end_view(self, request: HttpRequest, canary_id: UUID) -> HttpResponse:
        canary = get_object_or_404(Canary.objects.select_related("model_version"), pk=canary_id)

        def act(reason: str) -> str:
            canary_end(canary=canary, by=administrator(request), reason=reason)
            return f"The trial of {canary.model_version.version} has ended."

        return self.confirmed(
            request,
            act=act,
            back=address_of(canary.model_version),
            title=f"End the trial of {canary.model_version.version}?",
            version=canary.model_version,
            says="New analyses use the active version again. The reports of the trial stay as they are.",
            button="End the trial",
        )

    def evaluate_view(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        """Queue an evaluation on the data of this server, and show its progress."""
        self.require_change(request)
        version = get_model_version(version_id)
        if request.method != "POST":
            return HttpResponseRedirect(address_of(version))
        try:
            job = model_job_request(
                kind=ModelJob.Kind.EVALUATE,
                modality=version.modality,
                model_version=version,
                by=administrator(request),
            )
        except ModelRefused as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(address_of(version))
        return HttpResponseRedirect(reverse("admin:analysis_modeljob_change", args=[job.pk]))

    def verify_view(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        """Compare the weights with their registered hash now."""
        self.require_change(request)
        version = get_model_version(version_id)
        if request.method == "POST":
            problem = weights_verify(version=version)
            if problem:
                messages.error(request, problem)
            else:
                messages.success(request, "The weights are whole: they have the hash that was registered.")
        return HttpResponseRedirect(address_of(version))


def address_of(version: ModelVersion) -> str:
    return reverse("admin:analysis_modelversion_change", args=[version.pk])
