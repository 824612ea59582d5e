"""Limits on what costs the server much, by person."""

from __future__ import annotations

from rest_framework.throttling import UserRateThrottle


class RunStartThrottle(UserRateThrottle):
    """Every start costs minutes of processor time."""

    scope = "run_start"
    rate = "120/hour"


class RecomputeThrottle(UserRateThrottle):
    """Every change of a question mark reads the stored timelines: about a second for an hour of recording."""

    scope = "recompute"
    rate = "240/min"


class TranscriptStartThrottle(RunStartThrottle):
    scope = "transcript_start"
