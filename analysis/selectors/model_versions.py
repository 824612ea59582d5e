"""Queries on the model registry: versions in service, trials, usage and the change log."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from analysis.model_quality.pooled import confidence_together, shares_together
from analysis.models import AnalysisRun, Canary, Modality, ModelChange, ModelVersion, ShadowResult
from interviews.models import Organization


@dataclass(frozen=True, slots=True)
class Choice:
    """The primary version of a modality, and the shadow version of a trial, if there is one."""

    primary: ModelVersion
    shadow: ModelVersion | None = None


def model_versions_in_service(*, organization: Organization, key: str) -> dict[str, Choice]:
    """The versions in service for ``organization`` now, by modality; modalities without an active version are absent.

    A trial of the organization takes precedence over one on a share of all organizations. Whether the share includes
    this run or session depends only on a hash of ``key`` (the object analysed), so the answer is stable. Two queries.
    """
    active = {version.modality: version for version in ModelVersion.objects.active()}
    trials: dict[str, Canary] = {}
    running = Canary.objects.running().filter(Q(organization=organization) | Q(organization=None))
    # Trials of the organization come last, so that they override the others.
    for canary in sorted(
        running.select_related("model_version"), key=lambda canary: canary.organization_id is not None
    ):
        if _is_included(canary, key):
            trials[canary.modality] = canary
    choices = {}
    for modality in Modality.values:
        version, trial = active.get(modality), trials.get(modality)
        if trial is not None:
            choices[modality] = Choice(primary=trial.model_version, shadow=version)
        elif version is not None:
            choices[modality] = Choice(primary=version)
    return choices


def _is_included(canary: Canary, key: str) -> bool:
    """The hash includes the trial's id, so that each trial draws its own sample of recordings."""
    digest = hashlib.sha256(f"{canary.pk}:{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < canary.share


def get_model_version(version_id: Any) -> ModelVersion:
    """Raises ``Http404``. The registry belongs to the installation: callers check permissions themselves."""
    return get_object_or_404(ModelVersion, pk=version_id)


def rollback_target(*, modality: str) -> ModelVersion | None:
    """The version that was active before the present one, ignoring activations that were rolled back; None if none."""
    into_service = (ModelChange.Action.ACTIVATED, ModelChange.Action.SHIPPED, ModelChange.Action.ROLLED_BACK)
    past: list[ModelVersion] = []
    changes = ModelChange.objects.filter(modality=modality, action__in=into_service).order_by("at")
    for change in changes.select_related("old_version", "new_version"):
        old, new = change.old_version, change.new_version
        if not past and old is not None:
            past.append(old)
        if change.action == ModelChange.Action.ROLLED_BACK:
            # A rollback to ``new`` undoes the activations after it.
            while past and past[-1] != new:
                past.pop()
        if new is not None and (not past or past[-1] != new):
            past.append(new)
    return past[-2] if len(past) > 1 else None


def model_problems() -> dict[str, str]:
    """Modality to the reason why it is out of service, as a sentence; empty when all four can be used."""
    active = {version.modality: version for version in ModelVersion.objects.active()}
    problems = {}
    for modality in Modality:
        version = active.get(modality)
        if version is None:
            problems[str(modality)] = f"No version of {modality.label.lower()} is active."
        elif version.problem:
            problems[str(modality)] = version.problem
    return problems


def model_usage(*, version: ModelVersion) -> dict[str, Any]:
    """Where a version is used: ``runs`` (requested), ``reports`` (succeeded), ``shadows`` (read as shadow),
    ``active_runs`` (queued or running with it), ``last_used_at``, and ``organizations`` with their number of runs."""
    runs = AnalysisRun.objects.filter(
        Q(models__model_version=version, models__role="primary") | Q(modalities__model_version=version)
    ).distinct()
    organization = "recording__interview__organization"
    by_organization = (
        AnalysisRun.objects.filter(pk__in=runs.order_by().values("pk"))
        .values(f"{organization}_id", f"{organization}__name")
        .annotate(run_count=Count("pk"))
        .order_by("-run_count", f"{organization}__name")
    )
    last = runs.order_by("-created_at").first()
    return {
        "runs": runs.count(),
        "reports": runs.filter(status=AnalysisRun.Status.SUCCEEDED).count(),
        "shadows": ShadowResult.objects.filter(model_version=version).count(),
        "active_runs": runs.filter(status__in=AnalysisRun.ACTIVE).count(),
        "last_used_at": last.created_at if last is not None else None,
        "organizations": [
            {"id": row[f"{organization}_id"], "name": row[f"{organization}__name"], "runs": row["run_count"]}
            for row in by_organization
        ],
    }


def model_changes(*, version: ModelVersion | None = None, modality: str = "") -> QuerySet[ModelChange]:
    """The change log, the latest first; of one version, or of one modality, when asked."""
    changes = ModelChange.objects.select_related("by", "old_version", "new_version")
    if version is not None:
        changes = changes.filter(Q(old_version=version) | Q(new_version=version))
    if modality:
        changes = changes.filter(modality=modality)
    return changes


def canaries_running(*, version: ModelVersion | None = None) -> QuerySet[Canary]:
    """The trials that run now, with version and organization."""
    running = Canary.objects.running().select_related("model_version", "organization", "started_by")
    return running.filter(model_version=version) if version is not None else running


def canary_comparison(*, canary: Canary) -> dict[str, Any]:
    """Compares the readings of the version on trial with those of the active version, on the same recordings.

    ``recordings`` compared; ``agreement``: share of the time that both observed with the same label (0..1, None
    without any), and ``compared_s`` behind it; ``labels``: per label its share of observed time by ``trial`` and by
    ``active``; ``mean_confidence`` of both.
    """
    shadows = ShadowResult.objects.filter(
        modality=canary.modality,
        run__models__modality=canary.modality,
        run__models__role="primary",
        run__models__model_version=canary.model_version,
        run__created_at__gte=canary.started_at,
    ).select_related("run")
    if canary.ended_at is not None:
        shadows = shadows.filter(run__created_at__lte=canary.ended_at)
    if canary.organization_id is not None:
        shadows = shadows.filter(run__recording__interview__organization=canary.organization_id)
    shadows = shadows.prefetch_related("run__modalities")
    pairs = [
        (result, shadow)
        for shadow in shadows
        for result in shadow.run.modalities.all()
        if result.modality == canary.modality
    ]
    compared_s = sum(shadow.compared_s for _, shadow in pairs)
    agreed_s = sum((shadow.agreement or 0.0) * shadow.compared_s for _, shadow in pairs)
    trial, active = shares_together(result for result, _ in pairs), shares_together(shadow for _, shadow in pairs)
    return {
        "recordings": len(pairs),
        "compared_s": compared_s,
        "agreement": agreed_s / compared_s if compared_s else None,
        "labels": [
            {"label": label, "trial": trial.get(label, 0.0), "active": active.get(label, 0.0)}
            for label in dict.fromkeys([*trial, *active])
        ],
        "mean_confidence": {
            "trial": confidence_together(result for result, _ in pairs),
            "active": confidence_together(shadow for _, shadow in pairs),
        },
    }
