"""Everything that writes analysis rows. :class:`analysis.models.AnalysisRun` documents their states."""

from analysis.services.attempts.stopping import worker_stop
from analysis.services.consent import withdrawals_apply
from analysis.services.erasure import interview_erase, receipts_replay, retention_apply
from analysis.services.errors import (
    ModelRefused,
    RunConflict,
    TranscriptRefused,
    WeightsUnavailable,
)
from analysis.services.jobs import (
    model_job_cancel,
    model_job_execute,
    model_job_request,
    model_job_resume,
    model_jobs_reap,
    model_jobs_sweep,
    model_upload_receive,
)
from analysis.services.live.models import live_models_choose
from analysis.services.metrics import metrics_recompute
from analysis.services.playback import (
    playback_copy_request,
    playback_delete,
    playback_execute,
    playback_files_sweep,
    playback_poster_request,
    playback_request,
    playbacks_reap,
)
from analysis.services.policy import results_prune, results_prune_all
from analysis.services.registry.canaries import canary_end, canary_start
from analysis.services.registry.store import model_folders, shadow_folders, weights_folder, weights_verify
from analysis.services.registry.sync import InstalledVersion, model_versions_sync
from analysis.services.registry.versions import (
    model_evaluation_store,
    model_version_activate,
    model_version_delete,
    model_version_register,
    model_version_retire,
    model_version_rollback,
    model_versions_verify,
)
from analysis.services.robustness import (
    robustness_cancel,
    robustness_execute,
    robustness_request,
    robustnesses_reap,
)
from analysis.services.runs.deletion import runs_delete, timelines_sweep
from analysis.services.runs.execution import run_execute, run_execute_next
from analysis.services.runs.lane_files import lane_file_ensure
from analysis.services.runs.recovery import runs_reap
from analysis.services.runs.requests import run_cancel, run_request, run_retry
from analysis.services.runs.stored import upload_agreed, upload_stored
from analysis.services.transcripts import (
    sentence_correct,
    transcript_cancel,
    transcript_execute,
    transcript_questions_mark,
    transcript_request,
    transcript_request_agreed,
    transcripts_reap,
)

__all__ = [
    "InstalledVersion",
    "ModelRefused",
    "RunConflict",
    "TranscriptRefused",
    "WeightsUnavailable",
    "canary_end",
    "canary_start",
    "interview_erase",
    "lane_file_ensure",
    "live_models_choose",
    "metrics_recompute",
    "model_evaluation_store",
    "model_folders",
    "model_job_cancel",
    "model_job_execute",
    "model_job_request",
    "model_job_resume",
    "model_jobs_reap",
    "model_jobs_sweep",
    "model_upload_receive",
    "model_version_activate",
    "model_version_delete",
    "model_version_register",
    "model_version_retire",
    "model_version_rollback",
    "model_versions_sync",
    "model_versions_verify",
    "playback_copy_request",
    "playback_delete",
    "playback_execute",
    "playback_files_sweep",
    "playback_poster_request",
    "playback_request",
    "playbacks_reap",
    "receipts_replay",
    "results_prune",
    "results_prune_all",
    "retention_apply",
    "robustness_cancel",
    "robustness_execute",
    "robustness_request",
    "robustnesses_reap",
    "run_cancel",
    "run_execute",
    "run_execute_next",
    "run_request",
    "run_retry",
    "runs_delete",
    "runs_reap",
    "sentence_correct",
    "shadow_folders",
    "timelines_sweep",
    "transcript_cancel",
    "transcript_execute",
    "transcript_questions_mark",
    "transcript_request",
    "transcript_request_agreed",
    "transcripts_reap",
    "upload_agreed",
    "upload_stored",
    "weights_folder",
    "weights_verify",
    "withdrawals_apply",
    "worker_stop",
]
