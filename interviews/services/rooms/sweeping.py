"""Periodic clean-up: rooms that everybody has left, recordings that wait to be stored, folders without a room."""

import logging
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from interviews.models import Room
from interviews.services.erasing import database_knew
from interviews.services.received_files import received_folder_erase
from interviews.services.rooms.lifecycle import rooms_end_abandoned
from interviews.services.rooms.publishing import room_store_publish
from interviews.services.uploads import STRAY_AFTER

logger = logging.getLogger(__name__)


def rooms_sweep() -> None:
    """End abandoned rooms, have the recordings of ended ones stored, remove folders older than a day without a room."""
    now = timezone.now()
    rooms_end_abandoned(now=now)
    for room_id in Room.objects.filter(status=Room.Status.ENDED).values_list("pk", flat=True):
        room_store_publish(room_id=room_id)
    known = {str(pk) for pk in Room.objects.values_list("pk", flat=True)}
    if not known and not database_knew(now - STRAY_AFTER):
        return
    before = (now - STRAY_AFTER).timestamp()
    for folder in (Path(settings.MEDIA_ROOT) / "live").glob("*"):
        if folder.name not in known and _is_id(folder.name) and folder.stat().st_mtime < before:
            logger.warning("No room names %s; it is removed", folder)
            received_folder_erase(folder)


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
