"""Measuring a version on the data of this server, with ``manage.py evaluate_model``."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from analysis.models import ModelVersion
from analysis.services.errors import WeightsUnavailable
from analysis.services.jobs.attempt import Attempt, JobRefused
from analysis.services.jobs.requests import NO_DATA, data_folder
from analysis.services.registry.store import weights_folder
from analysis.services.registry.versions import model_evaluation_store

REFUSED: Final = 2
"""Exit status of the model commands for a refusal; the last line of their standard error is the reason."""
_BROKE: Final = "The program broke off; its last lines are in the log."


def version_evaluate(attempt: Attempt, version: ModelVersion, *, begin: float = 0.0) -> None:
    """Measure ``version`` on the test split and store the result with it; raises :class:`JobRefused`."""
    data = data_folder()
    if data is None:
        raise JobRefused(NO_DATA)
    attempt.stage("Evaluating", begin + 0.05)
    try:
        folder = weights_folder(version=version)
    except WeightsUnavailable as error:
        raise JobRefused(str(error)) from error
    with tempfile.TemporaryDirectory(prefix="candor-evaluation-") as place:
        result = Path(place) / "result.json"
        attempt_command(
            attempt,
            "evaluate_model", version.modality, "--version", version.version, "--weights", folder.parent.parent,
            "--data", data, "--work", Path(settings.MODEL_JOBS_DIR) / "shared", "--json", result,
        )  # fmt: skip
        measured = json.loads(result.read_text())
    with transaction.atomic():
        attempt.store(result={"n": measured["n"], "accuracy": measured["accuracy"], "uar": measured["uar"]})
        model_evaluation_store(
            version=version, evaluation=evaluation_with(version.evaluation, measured), by=attempt.job.requested_by
        )


def attempt_command(
    attempt: Attempt, *arguments: str | Path, on_error: Callable[[str], bool] = lambda line: False
) -> None:
    """Run a management command to its end. Raises :class:`JobRefused` with the command's own sentence.

    ``on_error`` receives each line of standard error and returns whether it was an event; events are not logged.
    """
    last = ""

    def on_error_line(line: str) -> bool:
        nonlocal last
        taken = on_error(line)
        last = last if taken else line or last
        return taken

    manage = Path(settings.BASE_DIR) / "manage.py"
    status = attempt.run([sys.executable, manage, *arguments], on_error=on_error_line)
    if status:
        raise JobRefused(last if status == REFUSED and last else _BROKE)


def evaluation_with(stored: dict[str, Any], measured: dict[str, Any]) -> dict[str, Any]:
    """``stored`` with a new measurement as its headline.

    Earlier measurements of other data sets are kept, because the network file is the same.
    """
    parts = [measured, *(part for part in measured.values() if isinstance(part, dict) and "confusion" in part)]
    rows = [{key: value for key, value in part.items() if not _is_beside(value, key)} for part in parts]
    keys = {row["key"] for row in rows}
    kept = [row for row in stored.get("measured", []) if row.get("key") not in keys]
    blank: dict[str, Any] = {"history": [], "calibration": {}, "notes": {}, "extra": {}}
    return blank | stored | {"measured": [*rows, *kept], "reliability": measured.get("reliability", [])}


def _is_beside(value: Any, key: str) -> bool:
    """Whether a field of a result is not part of the measurement itself."""
    further = isinstance(value, dict) and "confusion" in value
    return further or key in ("reliability", "modality", "version", "sha256", "split")
