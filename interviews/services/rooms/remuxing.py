"""Joining the parts of a live recording into one file, in a confined program, as probing does."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from interviews.models import Room, Take
from ml.confinement import budgets, programs
from ml.confinement.policy import Policy

logger = logging.getLogger(__name__)

INTERNAL: Final = "The parts of the recording could not be put together."


class RemuxFailed(Exception):
    """No recording could be made of these parts; ``str(error)`` is a sentence for the recruiter."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The joined recording. ``start_s`` is the second of the room's clock at which it begins; ``read_bytes`` says, by
    number of the take, how much of it could be read; ``notes`` are sentences on what could not."""

    path: Path
    start_s: float
    read_bytes: dict[int, int]
    notes: tuple[str, ...]


def takes_remux(*, room: Room, takes: Sequence[tuple[Take, Sequence[Path]]], end_s: float, stem: Path) -> Joined:
    """Join the parts of each take, in order, and the takes at their place on the room's clock, up to second ``end_s``.

    The file is ``stem`` with the ending of its format; the program can write to its folder alone. Its time is limited
    in proportion to how long the room was open. Raises :class:`RemuxFailed`.
    """
    request = {
        "takes": [
            {"number": take.number, "offset_s": take.offset_s, "parts": [str(part) for part in parts]}
            for take, parts in takes
        ],
        "end_s": end_s,
        "stem": str(stem),
    }
    size_bytes = sum(part.stat().st_size for _, parts in takes for part in parts)
    limits = budgets.remuxing(room_s=_open_s(room), size_bytes=size_bytes)
    readable = sorted({part.parent for _, parts in takes for part in parts})
    policy = Policy.of(limits, readable=readable, writable=[stem.parent])
    try:
        answer = programs.ask(
            "ml.media.remux",
            policy=policy,
            slots=settings.CONFINED_SLOTS,
            request=request,
            slot_wait_s=None,
            niceness=programs.NICENESS,
        )
    except programs.ProgramTimeout as error:
        logger.warning("Remuxing took more than %.0f s", limits.wall_s)
        raise RemuxFailed(f"{INTERNAL} It took too long and was stopped.") from error
    except programs.ProgramKilled as error:
        logger.warning("The parts of room %s could not be joined: %s", room.pk, error)
        raise RemuxFailed(INTERNAL) from error
    if not answer["ok"]:
        raise RemuxFailed(answer["sentence"])
    return Joined(
        path=Path(answer["path"]),
        start_s=float(answer["start_s"]),
        read_bytes={int(take["number"]): int(take["read_bytes"]) for take in answer["takes"]},
        notes=tuple(answer["notes"]),
    )


def _open_s(room: Room) -> float:
    """How long the room was open, as far as that is known."""
    if room.opened_at is None or room.ended_at is None:
        return 0.0
    return max(0.0, (room.ended_at - room.opened_at).total_seconds())
