"""Feedback on labels. It is kept beside the readings, and changes none of them."""

from __future__ import annotations

import math
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from analysis.models import AnalysisRun, LabelFeedback, Modality
from analysis.reporting.answers import span_read
from analysis.reporting.report import timelines_json
from analysis.timelines import timelines_read
from interviews.models import AuditEntry, User
from interviews.selectors.policy import interview_policy
from interviews.services.audit import audit_append
from interviews.services.holds import hold_refuse

LONGEST_S: Final = 120.0


@transaction.atomic
def label_feedback_add(
    *, run: AnalysisRun, by: User, modality: str, start_s: float, end_s: float, label_right: str = "", comment: str = ""
) -> LabelFeedback:
    """Say that a stretch of at most two minutes is not what a run read there, and perhaps what it is.

    Raises ``ValidationError`` by field, and :class:`analysis.timelines.TimelinesError`.
    """
    length_s, interview = run.recording.duration_s, run.recording.interview
    stored = timelines_read(run.timeline_file.name or "").timelines
    if modality not in stored or not interview_policy(interview=interview).allows(modality):
        raise ValidationError({"modality": "This was not read on this recording."})
    errors = {}
    if not (math.isfinite(start_s) and 0 <= start_s < length_s):
        errors["start_s"] = f"The stretch must begin between 0 and {length_s:.1f} s."
    elif not (math.isfinite(end_s) and start_s < end_s <= min(length_s + 0.1, start_s + LONGEST_S)):
        errors["end_s"] = (
            f"The stretch must end after it begins, at most {LONGEST_S:.0f} s later, and on the recording."
        )
    if label_right and label_right not in stored[modality].labels:
        errors["label_right"] = f"{Modality(modality).label} has no such label."
    if len(comment) > 500:
        errors["comment"] = "The comment is longer than 500 characters."
    if errors:
        raise ValidationError(errors)
    lane = timelines_json(duration_s=length_s, timelines={modality: stored[modality]})["modalities"][modality]
    ends = [interval[1] for interval in lane["intervals"]]
    shares = span_read(modality, lane, start_s, end_s, ends=ends)["shares"]
    label_read = max(shares, key=lambda label: shares[label]) if any(shares.values()) else ""
    if label_right and label_right == label_read:
        raise ValidationError({"label_right": "This is what was read for most of the stretch."})
    feedback = LabelFeedback.objects.create(
        recording=run.recording,
        modality=modality,
        start_s=start_s,
        end_s=min(end_s, length_s),
        label_read=label_read,
        label_right=label_right,
        model_sha256=run.modalities.get(modality=modality).model_sha256,
        comment=comment.strip(),
        author=by,
    )
    _log(feedback, by, "label feedback added")
    return feedback


@transaction.atomic
def label_feedback_remove(*, feedback: LabelFeedback, by: User) -> None:
    """Take one's own feedback back. Raises ``PermissionDenied`` for somebody else's, and :class:`Refusal` while a
    hold stands."""
    if feedback.author_id != by.pk:
        raise PermissionDenied("Only who gave this feedback can take it back.")
    hold_refuse(interview=feedback.recording.interview)
    feedback_id = feedback.pk
    feedback.delete()
    feedback.pk = feedback_id
    _log(feedback, by, "label feedback removed")


def _log(feedback: LabelFeedback, by: User, change: str) -> None:
    action, interview = AuditEntry.Action.NOTES_CHANGED, feedback.recording.interview
    audit_append(action=action, by=by, interview=interview, change=change, feedback=feedback.pk)
