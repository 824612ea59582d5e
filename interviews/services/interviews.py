"""Interviews are created from uploads, and deleted with their recordings and rooms."""

import hashlib
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from interviews.consent_words import UPLOAD, UPLOAD_TRANSCRIPT
from interviews.errors import DuplicateRecording
from interviews.file_names import extension_of
from interviews.media_storage import MediaLocked
from interviews.models import (
    AuditEntry,
    ConsentEvent,
    ConsentEvidence,
    Interview,
    Organization,
    Recording,
    Room,
    Upload,
    User,
)
from interviews.selectors.consent import ANALYSES
from interviews.services.audit import audit_append
from interviews.services.consent import consent_record
from interviews.services.erasing import database_knew
from interviews.services.evidence import consent_evidence_add, evidence_files_delete
from interviews.services.holds import hold_keep, hold_refuse
from interviews.services.people import candidate_fields_errors, candidate_find_or_create, position_find_or_create
from interviews.services.probing import Probed, ProbeTimeout, recording_probe
from interviews.services.receipts import receipt_write
from interviews.services.received_files import (
    received_erase,
    received_folder_erase,
    upload_arrived_bytes,
    upload_readable,
)
from interviews.services.receiving import disk_full_refused
from interviews.services.stored_files import file_store
from interviews.services.uploads import STRAY_AFTER, upload_discard

logger = logging.getLogger(__name__)

Purpose = ConsentEvent.Purpose

FOLDER: Final = "recordings"
SUBMITTED: Final = {"upload_id": "This recording has been submitted already."}


def interview_create(
    *,
    by: User,
    candidate_name: str,
    candidate_email: str,
    position: str,
    upload: Upload,
    informed_consent: bool,
    transcript_consent: bool = False,
    consent_basis: str = ConsentEvidence.Basis.OTHER,
    consent_evidence: str = "",
    spoken_language: str = Interview.SpokenLanguage.UNKNOWN,
    purpose: str | None = None,
    candidate_jurisdiction: str | None = None,
    allow_duplicate: bool = False,
    consent_statement: str = "",
    then: Callable[[Recording], object] | None = None,
) -> Interview:
    """Make an interview of a complete upload: all of it, or nothing.

    Raises ``ValidationError`` with sentences by field: wrong fields keep the upload, a recording that cannot be
    analysed (``file``) loses it. Raises :class:`DuplicateRecording`, keeping the upload, when the organization has this
    very file already and ``allow_duplicate`` is not set. An empty ``position`` leaves it open. Without ``purpose`` and
    ``candidate_jurisdiction`` the organization's usual ones apply. ``transcript_consent``:
    the candidate agreed to a transcript too. ``consent_evidence``: what shows it, in words; without any the recording
    is stored, and analysed only once something is recorded. ``consent_statement``: the words that were confirmed, where
    they are not those of the upload page. ``then`` adds, in the same transaction, what no recording may be without: the
    request of its analysis.
    """
    candidate_name, position = " ".join(candidate_name.split()), " ".join(position.split())
    candidate_email = candidate_email.strip().lower()
    _check_fields(candidate_name, candidate_email, position, upload, informed_consent)
    owner = upload.organization
    if owner is None:
        raise ValidationError({"upload_id": "This file was not sent as a recording. Choose it again."})
    with _readable(upload) as path:
        sha256 = _sha256(path)
        if not allow_duplicate:
            _refuse_duplicate(owner, sha256)
        try:
            probed = recording_probe(path)
        except ProbeTimeout as error:
            raise ValidationError({"upload_id": str(error)}) from error
        except ValidationError as error:
            if not upload.path.exists():
                raise ValidationError(SUBMITTED) from error
            upload_discard(upload=upload)
            raise
        with transaction.atomic():
            # One at a time within the organization, so that the same file sent twice at once is still seen twice.
            # no_key: rows that merely point to the organization, such as uploads, are not held up.
            organization = Organization.objects.select_for_update(no_key=True).get(pk=owner.pk)
            if not allow_duplicate:
                _refuse_duplicate(organization, sha256)
            interview = Interview.objects.create(
                organization=organization,
                candidate=candidate_find_or_create(
                    organization=organization, name=candidate_name, email=candidate_email
                ),
                position=position_find_or_create(organization=organization, title=position),
                owner=by,
                spoken_language=spoken_language,
                purpose=purpose or organization.usual_purpose,
                candidate_jurisdiction=candidate_jurisdiction or organization.usual_jurisdiction,
            )

            def before_storing(recording: Recording) -> None:
                words = consent_statement or UPLOAD
                agreed: tuple[str, ...] = (Purpose.RECORDING, *ANALYSES)
                answers: dict[str, tuple[bool, str]] = dict.fromkeys(agreed, (True, words))
                answers[Purpose.TRANSCRIPT] = (transcript_consent, consent_statement or UPLOAD_TRANSCRIPT)
                consent_record(interview=interview, answers=answers, how=ConsentEvent.How.RECORDED, recorded_by=by)
                if consent_evidence.strip():
                    consent_evidence_add(interview=interview, by=by, basis=consent_basis, words=consent_evidence)
                if not Upload.objects.filter(pk=upload.pk).delete()[0]:
                    raise ValidationError(SUBMITTED)
                if then is not None:
                    then(recording)

            recording_add(
                interview=interview,
                path=path,
                original_name=upload.file_name,
                sha256=sha256,
                probed=probed,
                by=by,
                before_storing=before_storing,
            )
            audit_append(
                action=AuditEntry.Action.INTERVIEW_ADDED, by=by, interview=interview, sha256=sha256, consent="confirmed"
            )
    received_erase(upload.path)
    return interview


def recording_add(
    *,
    interview: Interview,
    path: Path,
    original_name: str,
    sha256: str,
    probed: Probed,
    by: User,
    before_storing: Callable[[Recording], object],
) -> Recording:
    """Make a recording of the file at ``path``, which goes into the storage. Call it last in a transaction.

    ``before_storing`` adds what belongs to the recording. The file comes after it, because only that cannot be rolled
    back; should the commit itself fail, ``recordings_sweep`` clears up. A storage on the same disk takes the file
    away from ``path``; a remote one copies it.
    """
    recording = Recording.objects.create(
        interview=interview,
        file=f"{FOLDER}/{uuid.uuid4()}.{extension_of(original_name)}",
        original_name=original_name,
        sha256=sha256,
        size_bytes=path.stat().st_size,
        container=probed.container,
        duration_s=probed.duration_s,
        fps=probed.fps,
        width=probed.width,
        height=probed.height,
        has_audio=probed.has_audio,
        browser_obstacle=probed.browser_obstacle,
        uploaded_by=by,
    )
    before_storing(recording)
    file_store(path, storage=recording.file.storage, name=str(recording.file.name))
    return recording


@transaction.atomic
def interview_language_set(*, interview: Interview, by: User, spoken_language: str) -> Interview:
    """Say what is spoken in an interview, or that it is not known."""
    stored = Interview.objects.filter(pk=interview.pk)
    hold_keep(interview=interview, rows=stored, by=by)
    stored.update(spoken_language=spoken_language)
    action = AuditEntry.Action.INTERVIEW_CHANGED
    audit_append(action=action, by=by, interview=interview, spoken_language=spoken_language)
    interview.refresh_from_db(fields=["spoken_language"])
    return interview


def interview_delete(
    *, interview: Interview, by: User | None, also: Mapping[str, int] | None = None, because: str = ""
) -> None:
    """Delete an interview, its recordings, its live room and all their files, and the candidate unless another
    interview needs them.

    The caller has deleted what was computed from it, so many of each kind (``also``). The audit log keeps a receipt
    with the cause (``because``), and so does a file beside the media, for backups. Without ``by`` Candor does it.
    Raises :class:`Refusal` while a hold stands.
    """
    with transaction.atomic():
        hold_refuse(interview=interview)
        receipt = _receipt(interview, also or {})
        if because:
            receipt["because"] = because
        for recording in interview.recordings.all():
            transaction.on_commit(partial(recording.file.storage.delete, str(recording.file.name)))
        for room in Room.objects.filter(interview=interview):
            transaction.on_commit(partial(received_folder_erase, room.folder))
        evidence_files_delete(interview=interview)
        candidate, interview_id = interview.candidate, interview.pk
        interview.delete()
        if not candidate.interviews.exists():
            candidate.delete()
            receipt["candidate"] = "erased"
        interview.pk = interview_id
        receipt_write(erased_id=interview_id)
        audit_append(action=AuditEntry.Action.INTERVIEW_DELETED, by=by, interview=interview, **receipt)


def _receipt(interview: Interview, also: Mapping[str, int]) -> dict[str, Any]:
    """What a deletion removes, without content: hashes of recordings, and how many rows of each kind."""
    recordings = interview.recordings.values_list("sha256", "size_bytes")
    counted = {
        "consent_events": interview.consent_events.count(),
        "questions": interview.questions.count(),
        "notes": interview.notes.count(),
        "scorecards": interview.scorecards.count(),
        "decisions": interview.decisions.count(),
        "share_links": interview.share_links.count(),
        "prepared_questions": interview.prepared_questions.count(),
        "rooms": Room.objects.filter(interview=interview).count(),
        **also,
    }
    return {
        "recordings": [{"sha256": sha256, "size_bytes": size_bytes} for sha256, size_bytes in recordings],
        "rows": {kind: count for kind, count in counted.items() if count},
        "candidate": "kept for another interview",
    }


def recordings_sweep() -> int:
    """Remove stored files older than a day that no recording names, as a crash may leave them; returns how many."""
    try:
        _, files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    known = set(Recording.objects.values_list("file", flat=True))
    before = timezone.now() - STRAY_AFTER
    if not known and not database_knew(before):
        return 0
    strays = [name for file in files if (name := f"{FOLDER}/{file}") not in known]
    strays = [name for name in strays if default_storage.get_modified_time(name) < before]
    for name in strays:
        logger.warning("No recording names %s; it is removed", name)
        default_storage.delete(name)
    return len(strays)


def _check_fields(name: str, email: str, position: str, upload: Upload, informed_consent: bool) -> None:
    errors = candidate_fields_errors(name=name, email=email, position=position)
    if not informed_consent:
        errors["informed_consent"] = "Confirm that the candidate was informed and agreed; without it nothing is stored."
    if not upload.is_complete or _arrived_bytes(upload) != upload.size_bytes:
        errors["upload_id"] = "The upload of the recording is not complete yet."
    if errors:
        raise ValidationError(errors)


def _refuse_duplicate(organization: Organization, sha256: str) -> None:
    earlier = (
        Recording.objects.filter(interview__organization=organization, sha256=sha256)
        .select_related("interview__candidate")
        .first()
    )
    if earlier is not None:
        raise DuplicateRecording(earlier)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sha256(path: Path) -> str:
    try:
        return sha256_of(path)
    except FileNotFoundError as error:  # the same upload was submitted twice at once
        raise ValidationError(SUBMITTED) from error


def _arrived_bytes(upload: Upload) -> int:
    try:
        return upload_arrived_bytes(upload)
    except FileNotFoundError as error:
        raise ValidationError(SUBMITTED) from error


@contextmanager
def _readable(upload: Upload) -> Iterator[Path]:
    """As :func:`upload_readable`; what is missing was submitted before, and a full disk is told."""
    with ExitStack() as stack:
        try:
            with disk_full_refused(field="upload_id"):
                path = stack.enter_context(upload_readable(upload))
                path.stat()
        except (FileNotFoundError, MediaLocked) as error:
            raise ValidationError(SUBMITTED) from error
        yield path
