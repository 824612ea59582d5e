"""Probing of uploaded files, in a confined program: native decoders never read untrusted input in the web process."""

import logging
from dataclasses import dataclass, fields
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError

from ml.confinement import budgets, programs
from ml.confinement.policy import Policy

logger = logging.getLogger(__name__)

UNREADABLE = "This recording is damaged and cannot be read. Export it again from where it was recorded."
TOO_HEAVY = (
    "Reading this recording takes more memory than a recording of an interview may need. Export it again, for instance"
    " as mp4 (H.264) at 1280 x 720."
)


class ProbeTimeout(Exception):
    """The probe was stopped after its time limit; the file may be sound. ``str(error)`` is a sentence."""

    def __init__(self) -> None:
        super().__init__(
            "Checking this recording took too long and was stopped. Try again in a few minutes, when the server is"
            " less busy; if it happens again, export the recording with a lower resolution."
        )


@dataclass(frozen=True, slots=True)
class Probed:
    """Facts about a recording; sizes as displayed, times in seconds of presentation time. ``browser_obstacle`` is a
    sentence why browsers do not play the file; empty if they do."""

    duration_s: float
    fps: float
    width: int
    height: int
    has_audio: bool
    container: str
    browser_obstacle: str


def recording_probe(path: Path, *, needs_picture: bool = True) -> Probed:
    """The facts about a file. Without ``needs_picture`` sound alone is a recording as well; its size is 0 x 0.

    Raises ``ValidationError`` (``file``) with the probe's own sentence when the file cannot be analysed, and
    :class:`ProbeTimeout`."""
    arguments: list[str | Path] = [path.absolute(), "--max-duration-s", str(settings.MAX_DURATION_S)]
    if not needs_picture:
        arguments.append("--sound-alone")
    policy = Policy.of(budgets.probing(), readable=[path])
    try:
        answer = programs.ask("ml.track_selection", arguments, policy=policy, slots=settings.CONFINED_SLOTS)
    except programs.ProgramTimeout as error:
        logger.warning("Probing took more than %s s", budgets.PROBE_TIMEOUT_S)
        raise ProbeTimeout from error
    except programs.ProgramKilled as error:
        logger.warning("A recording could not be probed: %s", error)
        raise ValidationError({"file": TOO_HEAVY if error.needs_memory else UNREADABLE}) from error
    if not answer["ok"]:
        raise ValidationError({"file": answer["sentence"]})
    return Probed(**{field.name: answer[field.name] for field in fields(Probed)})
