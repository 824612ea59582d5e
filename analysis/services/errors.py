"""What services refuse, in words."""

from __future__ import annotations


class RunConflict(Exception):
    """The run is not in a state in which this can be done; ``str(error)`` is a sentence for the recruiter."""


class TranscriptRefused(Exception):
    """This cannot be done with this transcript; ``str(error)`` is a sentence for the recruiter."""


class ClaimLost(Exception):
    """This attempt may no longer write: the run was cancelled, deleted, or taken over after a long silence."""


class BaselineRefused(Exception):
    """There is no such calm stretch to compare with; ``str(error)`` is a sentence for the recruiter."""


class ModelRefused(Exception):
    """This cannot be done with this model version; ``str(error)`` is a sentence for the administrator."""


class WeightsUnavailable(Exception):
    """The weights of a version are missing or not those that were registered; ``str(error)`` is a sentence."""
