"""The files of playback: stored whole under names of ours, deleted with their interview."""

from __future__ import annotations

import logging
from functools import partial
from typing import Final

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from analysis.models import Playback
from interviews.models import Interview
from interviews.services.erasing import database_knew
from interviews.services.uploads import STRAY_AFTER

logger = logging.getLogger(__name__)

FOLDER: Final = "playback"


def playback_delete(*, interview: Interview) -> None:
    """Delete the copies and posters of an interview's recordings; their files once that is committed.

    A worker that is making one of them finds no row at its next heartbeat, and stops.
    """
    with transaction.atomic():
        # Take locks in the same order as an attempt that ends, to avoid a deadlock.
        Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
        for playback in Playback.objects.filter(recording__interview=interview):
            for file in (playback.copy, playback.poster):
                if file:
                    transaction.on_commit(partial(default_storage.delete, str(file.name)))
            playback.delete()


def playback_files_sweep() -> int:
    """Remove files older than a day that no row names, as a crash may leave them; returns how many."""
    before = timezone.now() - STRAY_AFTER
    try:
        _, files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    rows = Playback.objects.values_list("copy", "poster")
    known = {name for row in rows for name in row if name}
    if not known and not database_knew(before):
        return 0
    strays = [name for file in files if (name := f"{FOLDER}/{file}") not in known]
    strays = [name for name in strays if default_storage.get_modified_time(name) < before]
    for name in strays:
        logger.warning("No playback names %s; it is removed", name)
        default_storage.delete(name)
    return len(strays)
