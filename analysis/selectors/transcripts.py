"""The transcript of an interview, for the page, the API and downloads."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from analysis.models import AnalysisRun, Transcript, TranscriptSentence
from analysis.reporting.sentences import READ_BESIDE, sentences_json
from analysis.reporting.transcript_files import plain_text, webvtt
from analysis.selectors.baselines import CalmAsked
from analysis.selectors.runs import run_latest_succeeded, run_report, timelines_allowed
from analysis.timelines import TimelinesError, timelines_read
from analysis.transcripts import obstacle, questions_offered
from interviews.models import Interview, Recording
from interviews.selectors import Viewer, consents_of
from interviews.selectors.policy import interview_policy
from ml.timeline import Timeline

Status = Transcript.Status

NONE: Final = "none"
NOT_AGREED: Final = "not_agreed"


def transcript_for(interview: Interview, *, sentences: bool = True) -> dict[str, Any]:
    """The transcript of the interview's latest recording, or why there is none.

    ``status`` is the transcript's own status, ``none`` before the first request, or ``not_agreed``. Where another
    language is set for the interview, it is ``refused``, even if a transcript was made before. ``sentences`` and
    ``question_offers`` are empty until the transcript has succeeded. They are also empty when the argument
    ``sentences`` is false, which saves reading the timelines.
    """
    recording = _recording(interview)
    transcript = transcript_of(interview=interview)
    agreed = consents_of(interview_id=interview.pk).transcript
    is_allowed = interview_policy(interview=interview).transcript
    problem = obstacle(interview=interview, recording=recording, agreed=agreed, is_allowed=is_allowed)
    active = transcript is not None and transcript.is_active
    state: dict[str, Any] = {
        "status": NONE,
        "progress": 0.0,
        "stage": "",
        "reason": problem,
        "can_start": not problem and (transcript is None or transcript.status not in (*Transcript.ACTIVE, "succeeded")),
        "can_cancel": active,
        "model": None,
        "created_at": None,
        "finished_at": None,
        "sentences": [],
        "question_offers": [],
    }
    if transcript is not None:
        state |= _row_json(transcript, problem)
    if recording is not None and not agreed:
        state["status"] = NOT_AGREED
    elif (interview.spoken_language == Interview.SpokenLanguage.OTHER or not is_allowed) and not active:
        state["status"] = Status.REFUSED
    if sentences and transcript is not None and state["status"] == Status.SUCCEEDED:
        state |= _sentences_json(interview, transcript)
    return state


def run_report_with_transcript(*, run: AnalysisRun, calm: CalmAsked | None = None) -> dict[str, Any]:
    """The report of a succeeded run, with the transcript of its interview (``transcript``)."""
    return run_report(run=run, calm=calm) | {"transcript": transcript_for(run.recording.interview)}


def transcript_of(*, interview: Interview) -> Transcript | None:
    """The transcript of the latest recording, in any state; None before the first request."""
    recording = _recording(interview)
    return Transcript.objects.filter(recording=recording).first() if recording is not None else None


def get_transcript(user: Viewer, interview: Interview) -> Transcript:
    """Raises ``Http404`` when ``user`` has no access to it, and where there is none."""
    transcripts = Transcript.objects.visible_to(user).select_related("recording__interview")
    transcript: Transcript = get_object_or_404(transcripts, recording=_recording(interview))
    return transcript


def get_transcript_shown(user: Viewer, interview: Interview) -> Transcript:
    """One that has succeeded and may be shown. Raises ``Http404``."""
    transcript = get_transcript(user, interview)
    if transcript.status != Status.SUCCEEDED or not _is_shown(interview):
        raise Http404
    return transcript


def get_sentence(user: Viewer, interview: Interview, sentence_id: UUID) -> TranscriptSentence:
    """A sentence of the interview's transcript. Raises ``Http404``."""
    transcript = get_transcript_shown(user, interview)
    sentence: TranscriptSentence = get_object_or_404(TranscriptSentence, pk=sentence_id, transcript=transcript)
    return sentence


def sentence_json(*, interview: Interview, sentence: TranscriptSentence) -> dict[str, Any]:
    """One sentence as :func:`transcript_for` lists it."""
    return _rows_json([sentence], _timelines(interview))[0]


def transcript_webvtt(*, transcript: Transcript) -> str:
    """Captions of a succeeded transcript, as WebVTT, with the model that wrote them."""
    return webvtt(transcript.sentences.all(), heading=_written_by(transcript))


def transcript_text(*, transcript: Transcript) -> str:
    """A succeeded transcript as plain text: a heading with interview and model, then one sentence a line."""
    recording = transcript.recording
    title = f"Transcript of {recording.original_name} ({recording.interview.candidate.name})"
    return plain_text(transcript.sentences.all(), heading=[title, *_written_by(transcript)])


def _written_by(transcript: Transcript) -> list[str]:
    return [
        f"Written by {transcript.model_name} {transcript.model_version}, sha256 {transcript.model_sha256}.",
        "It can contain errors. Sentences that somebody corrected are shown as corrected.",
    ]


def transcript_files(*, interview: Interview) -> dict[str, str]:
    """The transcript as files by name; none while there is nothing that may be shown."""
    transcript = transcript_of(interview=interview)
    if transcript is None or transcript.status != Status.SUCCEEDED or not _is_shown(interview):
        return {}
    return {
        "transcript.vtt": transcript_webvtt(transcript=transcript),
        "transcript.txt": transcript_text(transcript=transcript),
    }


def _recording(interview: Interview) -> Recording | None:
    return Recording.objects.filter(interview=interview).order_by("-uploaded_at").first()


def _is_shown(interview: Interview) -> bool:
    is_other = interview.spoken_language == Interview.SpokenLanguage.OTHER
    is_allowed = interview_policy(interview=interview).transcript
    return consents_of(interview_id=interview.pk).transcript and is_allowed and not is_other


def _row_json(transcript: Transcript, problem: str) -> dict[str, Any]:
    has_model = bool(transcript.model_sha256)
    return {
        "status": transcript.status,
        "progress": round(transcript.progress, 4),
        "stage": transcript.stage,
        "reason": problem or transcript.reason,
        "model": {
            "name": transcript.model_name,
            "version": transcript.model_version,
            "sha256": transcript.model_sha256,
        }
        if has_model
        else None,
        "created_at": transcript.created_at,
        "finished_at": transcript.finished_at,
    }


def _sentences_json(interview: Interview, transcript: Transcript) -> dict[str, Any]:
    rows = list(transcript.sentences.select_related("corrected_by"))
    marked_s = interview.questions.values_list("at_s", flat=True)
    return {
        "sentences": _rows_json(rows, _timelines(interview)),
        "question_offers": [
            {"sentence": rows[at].pk, "at_s": round(rows[at].start_s, 3), "text": rows[at].shown_text}
            for at in questions_offered(rows, marked_s=marked_s)
        ],
    }


def _rows_json(rows: list[TranscriptSentence], timelines: dict[str, Timeline] | None) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            **shown,
            "correction": {"author": str(row.corrected_by), "at": row.corrected_at}
            if row.corrected_by is not None
            else None,
        }
        for row, shown in zip(rows, sentences_json(rows, timelines=timelines), strict=True)
    ]


def _timelines(interview: Interview) -> dict[str, Timeline] | None:
    """Timelines of voice and face of the latest report; None without a report, and where its file cannot be read."""
    run: AnalysisRun | None = run_latest_succeeded(interview=interview)
    if run is None:
        return None
    try:
        timelines = timelines_read(run.timeline_file.name or "", modalities=READ_BESIDE).timelines
    except TimelinesError:
        return None
    return timelines_allowed(run, timelines)
