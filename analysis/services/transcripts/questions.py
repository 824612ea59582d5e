"""Creates question marks from questions in the transcript, on a recruiter's request."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from analysis.models import MetricResult, Transcript
from analysis.services.metrics import metrics_recompute
from analysis.transcripts import questions_offered
from interviews.models import Interview, User
from interviews.services.questions import MAXIMUM_TEXT_LENGTH, question_add


def transcript_questions_mark(
    *, transcript: Transcript, sentence_ids: Collection[UUID], by: User
) -> list[MetricResult]:
    """Mark the offered questions in ``sentence_ids``; returns the metrics, recomputed once for all.

    A sentence that is not (or no longer) offered is skipped, so repeated requests mark it once. All are marked or none.
    Raises ``ValidationError`` where the interview would hold too many marks, and
    :class:`analysis.timelines.TimelinesError` when the timelines cannot be read.
    """
    wanted = set(sentence_ids)
    with transaction.atomic():
        interview = Interview.objects.select_for_update(of=("self",)).get(pk=transcript.recording.interview_id)
        sentences = list(transcript.sentences.all())
        marked_s = interview.questions.values_list("at_s", flat=True)
        offered = [sentences[position] for position in questions_offered(sentences, marked_s=marked_s)]
        chosen = [sentence for sentence in offered if sentence.pk in wanted]
        for sentence in chosen:
            text = sentence.shown_text
            if len(text) > MAXIMUM_TEXT_LENGTH:
                text = text[: MAXIMUM_TEXT_LENGTH - 1].rstrip() + "…"
            question_add(interview=interview, by=by, at_s=sentence.start_s, text=text)
        return metrics_recompute(interview=interview)
