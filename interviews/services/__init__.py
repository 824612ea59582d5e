"""Everything that writes people's rows and files; what writes live rooms is in ``interviews.services.rooms``."""

from interviews.services.interviews import (
    interview_create,
    interview_delete,
    interview_language_set,
    recordings_sweep,
)
from interviews.services.questions import question_add, question_change, question_remove
from interviews.services.uploads import (
    installation_upload_begin,
    upload_append,
    upload_begin,
    upload_discard,
    uploads_sweep,
)
from interviews.services.working_folders import working_folders_sweep

__all__ = [
    "installation_upload_begin",
    "interview_create",
    "interview_delete",
    "interview_language_set",
    "question_add",
    "question_change",
    "question_remove",
    "recordings_sweep",
    "upload_append",
    "upload_begin",
    "upload_discard",
    "uploads_sweep",
    "working_folders_sweep",
]
