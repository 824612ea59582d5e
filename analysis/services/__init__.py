"""Everything that writes analysis rows. Read :class:`analysis.models.AnalysisRun` for the states they go through."""

from analysis.services.deletion import runs_delete, timelines_sweep
from analysis.services.errors import RunConflict
from analysis.services.execution import run_execute
from analysis.services.metrics import metrics_recompute
from analysis.services.model_versions import InstalledVersion, model_versions_sync
from analysis.services.recovery import runs_reap
from analysis.services.requests import run_cancel, run_request, run_retry
from analysis.services.stopping import worker_stop

__all__ = [
    "InstalledVersion",
    "RunConflict",
    "metrics_recompute",
    "model_versions_sync",
    "run_cancel",
    "run_execute",
    "run_request",
    "run_retry",
    "runs_delete",
    "runs_reap",
    "timelines_sweep",
    "worker_stop",
]
