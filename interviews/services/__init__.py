"""Everything that writes people's rows and files."""

from interviews.services.interviews import CONSENT_STATEMENT, interview_create, interview_delete, recordings_sweep
from interviews.services.questions import question_add, question_change, question_remove
from interviews.services.rooms import invitation_use
from interviews.services.uploads import upload_append, upload_begin, upload_discard, uploads_sweep

__all__ = [
    "CONSENT_STATEMENT",
    "interview_create",
    "interview_delete",
    "invitation_use",
    "question_add",
    "question_change",
    "question_remove",
    "recordings_sweep",
    "upload_append",
    "upload_begin",
    "upload_discard",
    "uploads_sweep",
]
