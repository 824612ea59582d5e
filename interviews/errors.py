"""What services refuse besides wrong fields (those are Django's ``ValidationError``: sentences by field)."""

from interviews.models import Recording


class OffsetConflict(Exception):
    """A piece of an upload does not continue where the last one ended; ``received_bytes`` says where that is."""

    def __init__(self, received_bytes: int) -> None:
        self.received_bytes = received_bytes
        super().__init__(f"{received_bytes} bytes of this upload have arrived. Continue there.")


class DuplicateRecording(Exception):
    """The organization already has this very file; ``recording`` is the earlier one."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        super().__init__(
            f"This recording was already uploaded on {recording.uploaded_at:%-d %B %Y}"
            f" for {recording.interview.candidate.name}."
        )
