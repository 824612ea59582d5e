"""Background jobs on model versions: import of a file, evaluation, training.

:class:`analysis.models.ModelJob` documents the states of a job.
"""

from analysis.services.jobs.execution import model_job_execute
from analysis.services.jobs.recovery import model_jobs_reap, model_jobs_sweep
from analysis.services.jobs.requests import model_job_cancel, model_job_request, model_job_resume
from analysis.services.jobs.uploads import LARGEST_BYTES, model_upload_begin, model_upload_finish, model_upload_receive

__all__ = [
    "LARGEST_BYTES",
    "model_job_cancel",
    "model_job_execute",
    "model_job_request",
    "model_job_resume",
    "model_jobs_reap",
    "model_jobs_sweep",
    "model_upload_begin",
    "model_upload_finish",
    "model_upload_receive",
]
