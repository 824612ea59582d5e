"""Recording what shows that a candidate agreed to an uploaded recording, and files that show what was done."""

import hashlib
import uuid
from functools import partial
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat

from interviews.models import AuditEntry, ConsentEvidence, Interview, RuleRecord, User
from interviews.services.audit import audit_append

ENDINGS: Final = ("pdf", "png", "jpg", "jpeg", "txt", "eml")
MAXIMUM_BYTES: Final = 10 * 1024**2
MAXIMUM_WORDS: Final = 2000
NOTHING: Final = "Write down how the candidate agreed, or choose a file that shows it."


@transaction.atomic
def consent_evidence_add(
    *, interview: Interview, by: User, basis: str, words: str = "", file: "UploadedFile[Any] | None" = None
) -> ConsentEvidence:
    """Add evidence. Raises ``ValidationError`` by field: ``basis``, ``words``, ``file``."""
    words = words.strip()
    errors = {}
    if basis not in ConsentEvidence.Basis.values:
        errors["basis"] = "Choose how the candidate agreed."
    if len(words) > MAXIMUM_WORDS:
        errors["words"] = f"Write at most {MAXIMUM_WORDS} characters."
    if not words and file is None:
        errors["words"] = NOTHING
    if problem := evidence_file_problem(file):
        errors["file"] = problem
    if errors:
        raise ValidationError(errors)
    evidence = ConsentEvidence(interview=interview, basis=basis, words=words, recorded_by=by)
    if file is not None:
        evidence_file_set(evidence, file)
    evidence.save()
    action = AuditEntry.Action.CONSENT_CHANGED
    audit_append(action=action, by=by, interview=interview, change="evidence", basis=basis, sha256=evidence.sha256)
    return evidence


def evidence_file_problem(file: "UploadedFile[Any] | None") -> str:
    """A sentence why the file cannot be kept; empty if it can."""
    if file is not None and _ending(file) not in ENDINGS:
        return f"Choose a file of one of these kinds: {', '.join(ENDINGS)}."
    if file is not None and (file.size or 0) > MAXIMUM_BYTES:
        return f"The file has more than {filesizeformat(MAXIMUM_BYTES)}."
    return ""


def evidence_file_set(row: ConsentEvidence | RuleRecord, file: "UploadedFile[Any]") -> None:
    """Store a file under a name of ours; the row is saved by the caller."""
    row.original_name = (file.name or "")[:255]
    row.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    row.file.save(f"{uuid.uuid4()}.{_ending(file)}", file, save=False)


def _ending(file: "UploadedFile[Any]") -> str:
    return (file.name or "").rpartition(".")[2].lower()


def evidence_files_delete(*, interview: Interview) -> None:
    """Delete the files that show what was agreed to or done, once the transaction is committed."""
    rows: list[ConsentEvidence | RuleRecord] = [*interview.consent_evidence.exclude(file="")]
    rows += interview.rule_records.exclude(file="")
    for evidence in rows:
        transaction.on_commit(partial(evidence.file.storage.delete, str(evidence.file.name)))
