"""What services refuse, in words, and the errors that stay inside.

Each kind of refusal has one code in the API.
"""

from __future__ import annotations

from interviews.errors import Refusal


class RunConflict(Refusal):
    """The run is not in a state in which this can be done."""

    def __init__(self, sentence: str) -> None:
        super().__init__("run_conflict", sentence)


class TranscriptRefused(Refusal):
    """This cannot be done with this transcript."""

    def __init__(self, sentence: str) -> None:
        super().__init__("transcript_refused", sentence)


class BaselineRefused(Refusal):
    """There is no such calm stretch to compare with."""

    def __init__(self, sentence: str) -> None:
        super().__init__("no_calm_stretch", sentence)


class ModelRefused(Refusal):
    """This cannot be done with this model version; the sentence is for the administrator."""

    def __init__(self, sentence: str) -> None:
        super().__init__("model_refused", sentence)


class ClaimLost(Exception):
    """This attempt may no longer write: the run was cancelled, deleted, or taken over after a long silence."""


class WeightsUnavailable(Exception):
    """The weights of a version are missing or not those that were registered; ``str(error)`` is a sentence."""
