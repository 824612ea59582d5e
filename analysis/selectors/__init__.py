"""Reading. The access helpers answer 404 for what another organization owns, exactly as for what does not exist."""

from analysis.selectors.comparison import get_run_pair, runs_compare
from analysis.selectors.model_drift import Drift, model_drift
from analysis.selectors.model_versions import (
    Choice,
    canaries_running,
    canary_comparison,
    get_model_version,
    model_changes,
    model_problems,
    model_usage,
    model_versions_in_service,
    rollback_target,
)
from analysis.selectors.runs import (
    get_run,
    get_run_of,
    interviews_with_run,
    modality_coverages,
    questions_json,
    run_before,
    run_latest,
    run_latest_succeeded,
    run_queue_position,
    run_report,
    run_state,
    run_timelines,
    run_timelines_stored,
)

__all__ = [
    "Choice",
    "Drift",
    "canaries_running",
    "canary_comparison",
    "get_model_version",
    "get_run",
    "get_run_of",
    "get_run_pair",
    "interviews_with_run",
    "modality_coverages",
    "model_changes",
    "model_drift",
    "model_problems",
    "model_usage",
    "model_versions_in_service",
    "questions_json",
    "rollback_target",
    "run_before",
    "run_latest",
    "run_latest_succeeded",
    "run_queue_position",
    "run_report",
    "run_state",
    "run_timelines",
    "run_timelines_stored",
    "runs_compare",
]
