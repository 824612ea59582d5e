"""What is held of a candidate, in words, for their own page."""

from __future__ import annotations

from django.template.defaultfilters import filesizeformat

from analysis.models import AnalysisRun, LabelFeedback, Playback, Transcript
from interviews.formatting import duration
from interviews.models import GazeCalibration, Interview, Room


def own_page_held(*, interview: Interview) -> list[tuple[str, str]]:
    """Each kind of thing that is held, with a sentence about it."""
    held = [("Your name and address", f"{interview.candidate.name}, {interview.candidate.email}")]
    for recording in interview.recordings.all():
        what = "Recording" if recording.has_picture else "Recording, sound alone"
        size = filesizeformat(recording.size_bytes)
        held.append((what, f"{duration(recording.duration_s)}, {size}, since {recording.uploaded_at:%-d %B %Y}"))
    if any(room.keeps_held for room in Room.objects.filter(interview=interview)):
        held.append(("What you took back in the call", "set apart and shown to nobody while a legal duty stands"))
    if Playback.objects.filter(recording__interview=interview).exclude(copy="", poster="").exists():
        held.append(("Copy of the recording that browsers play, and a still picture", "made by software"))
    runs = AnalysisRun.objects.of_interview(interview)
    if (finished := runs.succeeded().count()) or runs.exists():
        held.append(("Readings and metrics", "of one analysis" if finished == 1 else f"of {finished} analyses"))
    if Transcript.objects.filter(recording__interview=interview, status=Transcript.Status.SUCCEEDED).exists():
        held.append(("Transcript", "written down by software, perhaps corrected by a person"))
    if GazeCalibration.objects.filter(room__interview=interview).exists():
        held.append(("Calibration of your gaze", "numbers that say how your eyes stood when you looked at the dots"))
    counted = (
        ("Questions that you were asked", interview.questions.count()),
        ("Notes of interviewers", interview.notes.count()),
        ("Ratings by people", interview.scorecards.count()),
        ("Decisions by people", interview.decisions.count()),
        ("Corrections of readings by people", LabelFeedback.objects.filter(recording__interview=interview).count()),
        ("Earlier states of what was changed while it had to be kept", interview.held_revisions.count()),
        ("Links for people outside", interview.share_links.count()),
        ("Your comments", interview.candidate_comments.count()),
        ("Your answers about consent", interview.consent_events.count()),
    )
    return held + [(what, str(count)) for what, count in counted if count]
