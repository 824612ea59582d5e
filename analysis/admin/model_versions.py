"""The registry in the admin: every version of every modality, its figures and its use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from analysis.admin.forms import UploadForm
from analysis.admin.model_actions import ModelActions
from analysis.admin.pages import administrator, refusal_shown
from analysis.model_quality.floors import floor_shortfall
from analysis.models import Canary, Modality, ModelJob, ModelVersion
from analysis.reporting.model_versions import drift_present, evaluation_present, figures_present, headline_figures
from analysis.selectors import (
    canaries_running,
    canary_comparison,
    model_changes,
    model_drift,
    model_usage,
    rollback_target,
)
from analysis.selectors.model_versions import get_model_version
from analysis.services import ModelRefused, WeightsUnavailable, weights_folder
from analysis.services.jobs import LARGEST_BYTES, model_upload_finish, model_upload_receive
from interviews.models import Upload, User
from interviews.selectors import get_own_upload

FILES: Final = {
    "MODEL_CARD.md": "text/plain; charset=utf-8",
    "confusion.png": "image/png",
    "reliability.png": "image/png",
    "learning.png": "image/png",
}
"""The files of a version's folder that a browser may read."""
CHANGES_SHOWN: Final = 20
TRIALS_SHOWN: Final = 3


@admin.register(ModelVersion)
class ModelVersionAdmin(ModelActions):
    routes: tuple[tuple[str, str], ...] = (
        ("<uuid:version_id>/files/<str:name>", "file_view"),
        *ModelActions.routes,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelVersion]:
        return super().get_queryset(request).select_related("created_by")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self.require_view(request)
        versions = self.get_queryset(request).annotate(
            reports=Count("results", distinct=True),
            organizations=Count("results__run__recording__interview__organization", distinct=True),
        )
        trials = {canary.model_version_id: canary for canary in canaries_running()}
        return self.page(request, "model_versions", title="Model versions", groups=groups_of(versions, trials=trials))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self.require_view(request)
        version = self.get_object(request, object_id)
        if version is None:
            raise Http404
        trials = version.canaries.select_related("organization", "started_by", "ended_by")
        return self.page(
            request,
            "model_version",
            title=f"{version.get_modality_display()}, {version.version}",
            version=version,
            figures=figures_present(version.manifest.get("figures", {})),
            evaluation=evaluation_present(version.evaluation),
            shortfall=floor_shortfall(version),
            usage=model_usage(version=version),
            drift=drift_present(model_drift(version=version)),
            trials=[(canary, canary_comparison(canary=canary)) for canary in trials[:TRIALS_SHOWN]],
            is_on_trial=any(canary.ended_at is None for canary in trials),
            changes=model_changes(version=version)[:CHANGES_SHOWN],
            jobs=version.jobs.all()[:CHANGES_SHOWN],
            has_data=bool(settings.TRAINING_DATA_DIR),
        )

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Upload a file; a job inspects, converts and evaluates it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            job = refusal_shown(form, lambda: file_take(form, administrator(request)))
            if job is not None:
                messages.success(request, "The file has arrived. What was found in it stands below.")
                return HttpResponseRedirect(reverse("admin:analysis_modeljob_change", args=[job.pk]))
        return self.page(
            request,
            "model_upload",
            title="Upload a model version",
            form=form,
            back=reverse("admin:analysis_modelversion_changelist"),
            labels={key: current_labels(key) for key in Modality.values},
            kept=upload_kept(form, administrator(request)),
            largest_bytes=LARGEST_BYTES,
        )

    def file_view(self, request: HttpRequest, version_id: UUID, name: str) -> HttpResponse | FileResponse:
        self.require_view(request)
        version = get_model_version(version_id)
        if name not in FILES:
            raise Http404
        try:
            path = weights_folder(version=version) / name
            return FileResponse(path.open("rb"), content_type=FILES[name])
        except (WeightsUnavailable, FileNotFoundError) as error:
            raise Http404 from error


def groups_of(versions: Iterable[ModelVersion], *, trials: dict[UUID, Canary]) -> list[dict[str, Any]]:
    """One group per modality: its versions, the active one first, retired ones last."""
    order = (ModelVersion.Status.ACTIVE, ModelVersion.Status.CANDIDATE, ModelVersion.Status.RETIRED)
    of_modality: dict[str, list[ModelVersion]] = {key: [] for key in Modality.values}
    for version in versions:
        of_modality[version.modality].append(version)
    return [
        {
            "key": modality.value,
            "name": modality.label,
            "has_active": any(version.is_active for version in found),
            "previous": rollback_target(modality=modality.value),
            "rows": [
                {
                    "version": version,
                    "figures": headline_figures(version),
                    "trial": trials.get(version.pk),
                    "drift": model_drift(version=version).warning if version.is_active else "",
                }
                for version in sorted(found, key=lambda v: (order.index(ModelVersion.Status(v.status)), v.version))
            ],
        }
        for modality in Modality
        for found in [of_modality[modality.value]]
    ]


def file_take(form: UploadForm, by: User) -> ModelJob:
    """Start the import of the form's file, which was sent with the form or in pieces before it."""
    if form.cleaned_data["upload_id"] is None:
        return model_upload_receive(file=form.cleaned_data["file"], by=by, **form.received)
    upload = upload_kept(form, by)
    if upload is None:
        raise ModelRefused("The server no longer has this file. Choose it again.")
    return model_upload_finish(upload=upload, by=by, **form.received)


def upload_kept(form: UploadForm, by: User) -> Upload | None:
    """The file that has arrived already, while other fields are corrected."""
    upload_id = form.cleaned_data.get("upload_id") if form.is_bound else None
    try:
        return get_own_upload(by, upload_id) if upload_id else None
    except Http404:
        return None


def current_labels(modality: str) -> list[str]:
    """The labels of the active version, in order, as the default for an upload."""
    active = ModelVersion.objects.active().filter(modality=modality).first()
    return list(active.manifest.get("labels", [])) if active else []
