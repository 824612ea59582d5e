"""Refusals with a sentence for the user, and internal errors of the services.

Each kind of refusal has one code in the API.
"""

from __future__ import annotations

from interviews.errors import Refusal


class RunConflict(Refusal):
    """The state of the run does not allow this operation."""

    def __init__(self, sentence: str) -> None:
        super().__init__("run_conflict", sentence)


class TranscriptRefused(Refusal):
    """The operation is not possible for this transcript."""

    def __init__(self, sentence: str) -> None:
        super().__init__("transcript_refused", sentence)


class RobustnessRefused(Refusal):
    """The operation is not possible for the robustness of this run."""

    def __init__(self, sentence: str) -> None:
        super().__init__("robustness_refused", sentence)


class ModelRefused(Refusal):
    """The operation is not possible for this model version; the sentence is for the administrator."""

    def __init__(self, sentence: str) -> None:
        super().__init__("model_refused", sentence)


class ClaimLost(Exception):
    """This attempt may no longer write: the run was cancelled, deleted, or taken over after a long silence."""


class WeightsUnavailable(Exception):
    """The weights of a version are missing or not those that were registered; ``str(error)`` is a sentence."""
