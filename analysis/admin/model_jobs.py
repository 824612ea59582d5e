"""Jobs on model versions in the admin: start a training, show its progress, cancel and resume it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from analysis.admin.forms import TrainForm
from analysis.admin.pages import ModelPages, administrator, refusal_shown
from analysis.models import ModelJob, ModelVersion
from analysis.reporting.model_versions import comparison_present, options_present
from analysis.services import model_job_cancel, model_job_request, model_job_resume

JOBS_SHOWN: Final = 100


@admin.register(ModelJob)
class ModelJobAdmin(ModelPages):
    routes: tuple[tuple[str, str], ...] = (
        ("<uuid:job_id>/state/", "state_view"),
        ("<uuid:job_id>/cancel/", "cancel_view"),
        ("<uuid:job_id>/resume/", "resume_view"),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # jobs are kept as a record

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self.require_view(request)
        jobs = ModelJob.objects.select_related("model_version", "requested_by")[:JOBS_SHOWN]
        return self.page(request, "model_jobs", title="Jobs", jobs=list(jobs))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self.require_view(request)
        job = self.get_object(request, object_id)
        if job is None:
            raise Http404
        return self.page(
            request,
            "model_job",
            title=f"{job.get_kind_display()}: {job.get_modality_display().lower()}",
            job=job,
            options=options_present(job.options),
            rows=beside_active(job),
        )

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Start a training; evaluations start on a version's page, imports with an upload."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TrainForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            job = refusal_shown(form, lambda: model_job_request(**form.chosen, by=administrator(request)))
            if job is not None:
                return HttpResponseRedirect(address_of(job))
        return self.page(
            request,
            "model_train",
            title="Train a version",
            form=form,
            back=reverse("admin:analysis_modeljob_changelist"),
            data_folder=settings.TRAINING_DATA_DIR,
        )

    def state_view(self, request: HttpRequest, job_id: UUID) -> JsonResponse:
        """The state, polled once a second: ``status``, ``stage``, ``progress`` 0..1 and the end of the ``log``."""
        self.require_view(request)
        job = get_object_or_404(ModelJob, pk=job_id)
        state = {"status": job.status, "stage": job.stage, "progress": job.progress, "log": job.log}
        return JsonResponse(state)

    def cancel_view(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        job = get_object_or_404(ModelJob, pk=job_id)

        def act() -> str:
            model_job_cancel(job=job, by=administrator(request))
            return "The job was asked to stop."

        return self.do(request, act=act, back=address_of(job))

    def resume_view(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        job = get_object_or_404(ModelJob, pk=job_id)

        def act() -> str:
            model_job_resume(job=job, by=administrator(request))
            return "The job goes on from where it was."

        return self.do(request, act=act, back=address_of(job))


def beside_active(job: ModelJob) -> list[dict[str, str]]:
    """The job's version or measurement compared with the active version; empty unless the job succeeded."""
    version = job.model_version
    if version is None or version.is_active or job.status != ModelJob.Status.SUCCEEDED:
        return []
    active = ModelVersion.objects.active().filter(modality=version.modality).first()
    return comparison_present(version, active)


def address_of(job: ModelJob) -> str:
    return reverse("admin:analysis_modeljob_change", args=[job.pk])
