"""Services of transcripts: request, execute, correct them, and mark their questions.

:class:`analysis.models.Transcript` documents the states of a transcript.
"""

from analysis.services.transcripts.corrections import sentence_correct
from analysis.services.transcripts.execution import transcript_execute
from analysis.services.transcripts.questions import transcript_questions_mark
from analysis.services.transcripts.recovery import transcripts_reap
from analysis.services.transcripts.requests import transcript_cancel, transcript_request, transcript_request_agreed

__all__ = [
    "sentence_correct",
    "transcript_cancel",
    "transcript_execute",
    "transcript_questions_mark",
    "transcript_request",
    "transcript_request_agreed",
    "transcripts_reap",
]
