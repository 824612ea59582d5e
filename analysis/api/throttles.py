"""Rate limits, per user, on requests that are expensive for the server."""

from __future__ import annotations

from rest_framework.throttling import UserRateThrottle


class RunStartThrottle(UserRateThrottle):
    """Limits starts of runs: each costs minutes of processor time."""

    scope = "run_start"
    rate = "120/hour"


class InterviewCreateThrottle(RunStartThrottle):
    """Each probes a file, and starts a run."""

    scope = "interview_create"


class RecomputeThrottle(UserRateThrottle):
    """Limits changes of question marks: each reads the stored timelines, about a second for an hour of recording."""

    scope = "recompute"
    rate = "240/min"


class TranscriptStartThrottle(RunStartThrottle):
    scope = "transcript_start"


class RobustnessStartThrottle(RunStartThrottle):
    """Each is several analyses of a minute."""

    scope = "robustness_start"
    rate = "30/hour"


class PlaybackStartThrottle(RunStartThrottle):
    scope = "playback_start"
