"""One attempt at one playback, from claim to files. Called by the worker's task.

Decoding and encoding run in a separate program, ``python -m ml.playback``. A crash of native code on an untrusted file
ends only that program, and its lower priority leaves the processor to analyses.
"""

from __future__ import annotations

import logging
import shutil
import uuid
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction

from analysis.models import Playback
from analysis.pipeline import Progress
from analysis.queue import playback_publish
from analysis.services.attempts.heartbeat import RowHeartbeat
from analysis.services.attempts.outcomes import ProgramFailed, Sentences, outcome_written
from analysis.services.attempts.recording_files import declared_of, local_copy
from analysis.services.attempts.state_machine import work_claim, work_finish
from analysis.services.attempts.stopping import worker_is_stopping
from analysis.services.errors import ClaimLost
from analysis.services.playback.files import FOLDER
from interviews.models import Interview
from interviews.services.receiving import SPARE_BYTES
from interviews.services.stored_files import file_store
from interviews.services.working_folders import working_folder
from ml.confinement import budgets, programs
from ml.confinement.policy import Policy

logger = logging.getLogger(__name__)
Status = Playback.Status

STAGE: Final = "Making a copy for watching"
SENTENCES: Final = Sentences(
    too_late="This server is too busy to make a copy for watching now. You can try again.",
    broke_off="The program that makes copies broke off at this recording, or needed more memory than a recording of its"
    " size may. You can try again.",
    internal="Making it stopped because of an internal error (reference {reference}). You can try again.",
)
NO_SPACE: Final = "The server's disk is too full for a copy for watching. Tell your administrator."


FileName = Annotated[str, msgspec.Meta(pattern=r"^(copy\.(mp4|webm)|poster\.jpg)$")]
"""A file of the folder that the program writes. Its output is not trusted: another name could be of any file."""


class Done(msgspec.Struct, frozen=True):
    """The program's result: ``obstacle``, and the names of ``copy`` and ``poster`` in its folder."""

    obstacle: Annotated[str, msgspec.Meta(max_length=200)]
    copy: FileName | None
    poster: FileName | None

    def files(self, folder: Path) -> dict[str, Path]:
        """The files by kind. Raises :class:`ValueError` where one is a link or no file."""
        names = {"copy": self.copy, "poster": self.poster}
        paths = {kind: folder / name for kind, name in names.items() if name is not None}
        if any(path.is_symlink() or not path.is_file() for path in paths.values()):
            raise ValueError("the program names a file that it did not write")
        return paths


class _Line(msgspec.Struct, frozen=True):
    """One line of the program's output."""

    progress: float | None = None
    error: str = ""
    done: Done | None = None


def playback_execute(*, playback_id: UUID) -> None:
    """Execute a queued playback, unless another worker has claimed it.

    Every outcome is written to the row; none touches an analysis. An exception is raised only when the database cannot
    be written: the heartbeat then stops, and :func:`playbacks_reap` recovers the row.
    """
    playback = _claim(playback_id)
    if playback is None or playback.claim is None:
        logger.info("playback %s is not waiting for a worker", playback_id)
        return
    with (
        outcome_written(playback, SENTENCES),
        RowHeartbeat(rows=Playback.objects.all(), row_id=playback.pk, claim=playback.claim) as heartbeat,
        working_folder() as folder,
    ):
        _end(playback, folder, _make(playback, folder, heartbeat))


def _claim(playback_id: UUID) -> Playback | None:
    claim = work_claim(Playback.objects.all(), playback_id, progress=0.0)
    rows = Playback.objects.select_related("recording")
    return rows.filter(pk=playback_id, claim=claim).first() if claim is not None else None


def _make(playback: Playback, folder: Path, heartbeat: RowHeartbeat[Playback]) -> Done:
    """The program's result; its files are in ``folder``."""
    recording = playback.recording
    if shutil.disk_usage(folder).free < recording.size_bytes + SPARE_BYTES:
        raise ProgramFailed(NO_SPACE)
    last = _Line()

    def on_output_line(line: str) -> None:
        nonlocal last
        last = msgspec.json.decode(line, type=_Line)
        if last.progress is not None:
            heartbeat.report(Progress(STAGE, last.progress))

    heartbeat.report(Progress(STAGE, 0.0))
    try:
        with local_copy(playback.copy or recording.file) as path:
            arguments: list[str | Path] = [path.absolute(), folder.absolute()]
            arguments += ["--copy", "none" if playback.copy else "always" if playback.obstacle else "needed"]
            if playback.poster_at_s is not None:
                arguments += ["--poster-at", str(playback.poster_at_s)]
            limits = budgets.playable_copy(declared_of(recording))
            status = programs.run_confined(
                "ml.playback",
                arguments,
                policy=Policy.of(limits, readable=[path], writable=[folder]),
                slots=settings.CONFINED_SLOTS,
                on_output=on_output_line,
                on_error=lambda line: logger.warning("playback %s: %s", playback.pk, line),
                should_stop=lambda: heartbeat.should_stop() or worker_is_stopping(),
            )
    finally:
        if not connection.in_atomic_block:
            connection.close()  # it was idle while the program ran; the next query opens a fresh one
    if last.error:
        raise ProgramFailed(last.error)
    if last.done is None:
        raise RuntimeError(f"the program ended with status {status} without output")
    return last.done


def _end(playback: Playback, folder: Path, done: Done) -> None:
    """Store the files, then the row in one transaction; raises :class:`ClaimLost` and leaves nothing."""
    names: dict[str, str] = {}
    before = {"copy": str(playback.copy.name or ""), "poster": str(playback.poster.name or "")}
    try:
        for kind, path in done.files(folder).items():
            names[kind] = f"{FOLDER}/{uuid.uuid4()}{path.suffix}"
            file_store(path, storage=default_storage, name=names[kind])
        with transaction.atomic():
            # Take locks in the same order as the deletion of an interview, to avoid a deadlock.
            interview = Interview.objects.select_for_update(of=("self",)).filter(pk=playback.recording.interview_id)
            if interview.first() is None or not _finish(
                playback, status=Status.SUCCEEDED, reason="", progress=1.0, **names
            ):
                raise ClaimLost
            if not playback.obstacle and done.obstacle:
                Playback.objects.filter(pk=playback.pk).update(obstacle=done.obstacle)
            _queue_what_was_asked_meanwhile(playback)
    except BaseException:
        for name in names.values():
            default_storage.delete(name)
        raise
    for kind in names:
        if before[kind]:
            default_storage.delete(before[kind])


def _queue_what_was_asked_meanwhile(playback: Playback) -> None:
    now = Playback.objects.get(pk=playback.pk)
    if now.needs_copy or now.poster_at_s != playback.poster_at_s:
        Playback.objects.filter(pk=playback.pk).update(
            status=Status.QUEUED, claim=None, attempts=0, published_at=None, finished_at=None
        )
        transaction.on_commit(lambda: playback_publish(playback.pk))


def _finish(playback: Playback, *, status: str, **fields: Any) -> bool:
    return work_finish(Playback.objects.all(), playback, status=status, **fields)
