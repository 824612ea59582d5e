"""Joining the parts of a live recording into one file, in a subprocess, as probing does."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from interviews.models import Take

logger = logging.getLogger(__name__)

REMUX_TIMEOUT_S: Final = 3 * 3600
"""Copying takes seconds an hour; takes that were recorded differently are encoded anew, which takes its time."""
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


def takes_remux(*, takes: Sequence[tuple[Take, Sequence[Path]]], end_s: float, stem: Path) -> Joined:
    """Join the parts of each take, in order, and the takes at their place on the room's clock, up to second ``end_s``.

    The file is ``stem`` with the ending of its format. Raises :class:`RemuxFailed`.
    """
    request = {
        "takes": [
            {"number": take.number, "offset_s": take.offset_s, "parts": [str(part) for part in parts]}
            for take, parts in takes
        ],
        "end_s": end_s,
        "stem": str(stem),
    }
    try:
        result = subprocess.run(
            [sys.executable, "-m", "ml.media.remux"],
            cwd=settings.BASE_DIR,
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=REMUX_TIMEOUT_S,
        )
        answer = json.loads(result.stdout)
    except subprocess.TimeoutExpired as error:
        logger.warning("Remuxing took more than %s s", REMUX_TIMEOUT_S)
        raise RemuxFailed(f"{INTERNAL} It took too long and was stopped.") from error
    except ValueError as error:  # it crashed before it could answer
        logger.warning("The remuxer ended with status %s: %s", result.returncode, result.stderr[-2000:])
        raise RemuxFailed(INTERNAL) from error
    if not answer["ok"]:
        raise RemuxFailed(answer["sentence"])
    return Joined(
        path=Path(answer["path"]),
        start_s=float(answer["start_s"]),
        read_bytes={int(take["number"]): int(take["read_bytes"]) for take in answer["takes"]},
        notes=tuple(answer["notes"]),
    )
