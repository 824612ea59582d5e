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


class RoomConflict(Exception):
    """The room is not in a state in which this can be done. ``code`` is for programs, ``str(error)`` for people."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


class ChunkConflict(Exception):
    """A chunk is not the one that comes next; ``next_sequence`` says which does."""

    def __init__(self, next_sequence: int) -> None:
        self.next_sequence = next_sequence
        super().__init__(f"Chunk {next_sequence} of this take comes next.")


class ChunkTooLarge(Exception):
    """A chunk, or the recording with it, is larger than this installation accepts; ``str(error)`` is a sentence."""
