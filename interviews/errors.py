"""Refusals of services, with sentences that can be shown.

Wrong fields are refused with Django's ``ValidationError``: sentences by field. Everything else is a :class:`Refusal`.
"""

from http import HTTPStatus
from typing import Any

from django.urls import reverse

from interviews.models import Recording


class Refusal(Exception):
    """Base of the refusals of all apps.

    ``code`` is for programs, ``str(error)`` is a sentence for people, ``status`` is the status of the HTTP answer.
    """

    def __init__(self, code: str, sentence: str, status: int = HTTPStatus.CONFLICT) -> None:
        self.code = code
        self.status = status
        super().__init__(sentence)

    @property
    def answer(self) -> dict[str, Any]:
        """The body of the API's answer."""
        return {"code": self.code, "detail": str(self)}


class OffsetConflict(Refusal):
    """A piece of an upload does not continue where the last one ended; ``received_bytes`` says where that is."""

    def __init__(self, received_bytes: int) -> None:
        self.received_bytes = received_bytes
        super().__init__("offset", f"{received_bytes} bytes of this upload have arrived. Continue there.")

    @property
    def answer(self) -> dict[str, Any]:
        return {"received_bytes": self.received_bytes}


class ChunkConflict(Refusal):
    """A chunk is not the one that comes next; ``next_sequence`` says which does."""

    def __init__(self, next_sequence: int) -> None:
        self.next_sequence = next_sequence
        super().__init__("sequence", f"Chunk {next_sequence} of this take comes next.")

    @property
    def answer(self) -> dict[str, Any]:
        return {"next_sequence": self.next_sequence}


class DuplicateRecording(Refusal):
    """The organization already has this very file; ``recording`` is the earlier one."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        super().__init__(
            "duplicate",
            f"This recording was already uploaded on {recording.uploaded_at:%-d %B %Y}"
            f" for {recording.interview.candidate.name}.",
        )

    @property
    def answer(self) -> dict[str, Any]:
        return {**super().answer, "url": reverse("interview_detail", args=[self.recording.interview_id])}
