"""The journal of a room as a file, with its key."""

from uuid import UUID

from django.db import transaction

from analysis.readings.journal_file import JournalFile
from interviews.models import Room
from interviews.services.received_files import received_key, received_key_new, received_key_store


def journal_begin(*, room_id: UUID) -> JournalFile:
    """The journal that readings are written to, encrypted where media are. It goes on where there is one.

    Raises :class:`interviews.media_storage.MediaLocked`.
    """
    path = Room(pk=room_id).journal
    with transaction.atomic():
        list(Room.objects.select_for_update(of=("self",)).filter(pk=room_id))  # two pages of a candidate share a key
        if received_key(path) is None and not path.exists():
            received_key_store(path, received_key_new())
    return journal_of(room_id=room_id)


def journal_of(*, room_id: UUID) -> JournalFile:
    """The journal as it is, to be read. Raises :class:`interviews.media_storage.MediaLocked`."""
    path = Room(pk=room_id).journal
    return JournalFile(path, received_key(path))
