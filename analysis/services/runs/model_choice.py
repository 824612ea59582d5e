"""Chooses and stores the model versions of a run, once, when it is requested."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from analysis.models import AnalysisRun, ModelVersion, RunModel
from analysis.selectors.model_versions import Choice, model_versions_in_service

Role = RunModel.Role


def run_models_choose(*, run: AnalysisRun, like: AnalysisRun | None = None) -> dict[str, Choice]:
    """Store the versions of ``run``: those of the run ``like``, or those in service now; returns them.

    Whether a trial on a share of runs includes an interview is the same for its live session and all its analyses.
    """
    chosen = run_models(run=like) if like is not None else {}
    if not chosen:
        interview = run.recording.interview
        chosen = model_versions_in_service(organization=interview.organization, key=str(interview.pk))
    RunModel.objects.bulk_create(
        RunModel(run=run, modality=modality, model_version=version, sha256=version.sha256, role=role)
        for modality, choice in chosen.items()
        for role, version in _by_role(choice).items()
    )
    return chosen


def run_models(*, run: AnalysisRun) -> dict[str, Choice]:
    """The versions stored for a run, by modality; empty for a run that was queued before there were any."""
    rows = RunModel.objects.filter(run=run).select_related("model_version")
    by_role = {(row.modality, row.role): row.model_version for row in rows}
    return {
        modality: Choice(primary=version, shadow=by_role.get((modality, Role.SHADOW)))
        for (modality, role), version in by_role.items()
        if role == Role.PRIMARY
    }


def run_models_ensure(*, run: AnalysisRun) -> dict[str, Choice]:
    """The versions of a run at the start of its execution; chosen now when none were in service at its request."""
    with transaction.atomic():
        return run_models(run=run) or run_models_choose(run=run)


def _by_role(choice: Choice) -> Mapping[str, ModelVersion]:
    roles: dict[str, ModelVersion] = {Role.PRIMARY: choice.primary}
    if choice.shadow is not None:
        roles[Role.SHADOW] = choice.shadow
    return roles
