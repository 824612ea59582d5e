"""Everything that writes a live room's rows and files. Read :class:`interviews.models.Room` for its states."""

from interviews.services.rooms.agreements import agreements_answer
from interviews.services.rooms.calibration import gaze_calibration_fit
from interviews.services.rooms.creating import room_create
from interviews.services.rooms.held import held_erase
from interviews.services.rooms.invitations import (
    invitation_create,
    invitation_device_answer,
    invitation_mail,
    invitation_revoke,
    invitation_use,
)
from interviews.services.rooms.lifecycle import (
    room_blind_set,
    room_end,
    room_leave,
    room_open,
    room_presence_mark,
)
from interviews.services.rooms.notes import room_note_add, room_note_remove
from interviews.services.rooms.parts import parts_erase, parts_kept_until
from interviews.services.rooms.publishing import STORE_TASK
from interviews.services.rooms.questions import (
    prepared_questions_replace,
    room_question_ask,
    room_question_withdraw,
)
from interviews.services.rooms.storing import room_store, room_store_retry
from interviews.services.rooms.sweeping import rooms_sweep
from interviews.services.rooms.takes import chunk_store, take_begin, take_finish

__all__ = [
    "STORE_TASK",
    "agreements_answer",
    "chunk_store",
    "gaze_calibration_fit",
    "held_erase",
    "invitation_create",
    "invitation_device_answer",
    "invitation_mail",
    "invitation_revoke",
    "invitation_use",
    "parts_erase",
    "parts_kept_until",
    "prepared_questions_replace",
    "room_blind_set",
    "room_create",
    "room_end",
    "room_leave",
    "room_note_add",
    "room_note_remove",
    "room_open",
    "room_presence_mark",
    "room_question_ask",
    "room_question_withdraw",
    "room_store",
    "room_store_retry",
    "rooms_sweep",
    "take_begin",
    "take_finish",
]
