"""Describe a version of a recogniser: its manifest, and its row in this installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError

from analysis.management.commands._model_command import ModelCommand
from analysis.models import ModelVersion
from analysis.selectors import model_usage
from analysis.services import WeightsUnavailable, weights_folder
from ml import artifacts
from ml.training.commands.report import description_text
from ml.training.commands.versions import describe_version


class Command(ModelCommand):
    help = "Print version, parameters, input, labels, sha256, figures, status and use of a recogniser."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        self.add_json_argument(parser, "description")

    def run(self, options: dict[str, Any]) -> None:
        row = _registered(options["modality"], options["model_version"])
        if row is None or row.source == ModelVersion.Source.SHIPPED:
            result = describe_version(options["modality"], version=row.version if row else options["model_version"])
        else:
            result = _described(row)
        result["registry"] = _registry(row) if row is not None else None
        known = (f"  {name:<11} {value}" for name, value in (result["registry"] or {}).items())
        self.show(lambda: "\n".join([description_text(result), *known]), result, options)


def _registered(modality: str, version: str | None) -> ModelVersion | None:
    """The row of a version (default: the active one); None when there is none, or no database yet."""
    rows = ModelVersion.objects.filter(modality=modality)
    rows = rows.filter(version=version) if version else rows.active()
    try:
        return rows.order_by("-created_at").first()
    except DatabaseError:
        return None


def _described(row: ModelVersion) -> dict[str, Any]:
    try:
        artifact = artifacts.at(weights_folder(version=row))
    except WeightsUnavailable as error:
        raise artifacts.ArtifactDamaged(str(error)) from error
    return artifact.manifest.to_json() | {"is_default": False, "bytes": artifact.path.stat().st_size}


def _registry(row: ModelVersion) -> dict[str, Any]:
    usage = model_usage(version=row)
    return {
        "status": row.status,
        "source": row.source,
        "registered": row.created_at.isoformat(timespec="seconds"),
        "problem": row.problem or "none",
        "runs": usage["runs"],
        "reports": usage["reports"],
        "used by": ", ".join(organization["name"] for organization in usage["organizations"]) or "nobody",
    }
