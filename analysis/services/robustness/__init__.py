"""Services of robustness: how far the numbers of a run move when its recording is corrupted.

:class:`analysis.models.Robustness` documents the states.
"""

from analysis.services.robustness.execution import robustness_execute
from analysis.services.robustness.recovery import robustnesses_reap
from analysis.services.robustness.requests import robustness_cancel, robustness_request

__all__ = ["robustness_cancel", "robustness_execute", "robustness_request", "robustnesses_reap"]
