"""Runs as rows, without anything computed."""

from analysis.models import AnalysisRun


def make_run(interview, status="succeeded", **fields) -> AnalysisRun:
    recording = interview.recordings.get()
    return AnalysisRun.objects.create(recording=recording, requested_by=interview.owner, status=status, **fields)
