"""Manual corrections of transcript sentences. The recognised text is kept, and no reading changes."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from analysis.models import TranscriptSentence
from interviews.models import AuditEntry, User
from interviews.services.audit import audit_append
from interviews.services.holds import hold_keep

MAXIMUM_TEXT_LENGTH: Final = 2000


@transaction.atomic
def sentence_correct(*, sentence: TranscriptSentence, by: User, text: str | None) -> TranscriptSentence:
    """Show ``text`` in place of the recognised text; None, or the recognised text itself, removes the correction.

    Raises ``ValidationError`` for an empty ``text`` and for one that is too long, and
    ``TranscriptSentence.DoesNotExist`` when the sentence was deleted meanwhile.
    """
    correction = " ".join((text or "").split())
    if text is not None and not correction:
        raise ValidationError({"text": "Write what is said, or take the correction back."})
    if len(correction) > MAXIMUM_TEXT_LENGTH:
        raise ValidationError({"text": f"The sentence is longer than {MAXIMUM_TEXT_LENGTH} characters."})
    if correction == sentence.text:
        correction = ""
    stored, interview = TranscriptSentence.objects.filter(pk=sentence.pk), sentence.transcript.recording.interview
    hold_keep(interview=interview, rows=stored.exclude(correction=""), by=by)
    sentence.correction = correction
    sentence.corrected_by = by if correction else None
    sentence.corrected_at = timezone.now() if correction else None
    changed = stored.update(
        correction=sentence.correction, corrected_by=sentence.corrected_by, corrected_at=sentence.corrected_at
    )
    if not changed:
        raise TranscriptSentence.DoesNotExist
    action = AuditEntry.Action.TRANSCRIPT_CHANGED
    change = "corrected" if correction else "correction taken back"
    audit_append(action=action, by=by, interview=interview, sentence=sentence.pk, change=change)
    return sentence
