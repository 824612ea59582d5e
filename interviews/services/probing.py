"""Probing of uploaded files, in a subprocess: native decoders never read untrusted input in the web process."""

import json
import logging
import signal
import subprocess
import sys
from dataclasses import dataclass, fields
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError

logger = logging.getLogger(__name__)

UNREADABLE = "This recording is damaged and cannot be read. Export it again from where it was recorded."


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
    command = [sys.executable, "-m", "ml.track_selection", str(path), "--max-duration-s", str(settings.MAX_DURATION_S)]
    if not needs_picture:
        command.append("--sound-alone")
    try:
        result = subprocess.run(
            command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=settings.PROBE_TIMEOUT_S
        )
        answer = json.loads(result.stdout)
    except subprocess.TimeoutExpired as error:
        logger.warning("Probing took more than %s s", settings.PROBE_TIMEOUT_S)
        raise ProbeTimeout from error
    except ValueError as error:  # it crashed before it could answer
        logger.warning("The probe ended with status %s: %s", result.returncode, result.stderr[-2000:])
        if result.returncode == -signal.SIGXCPU:
            raise ProbeTimeout from error
        raise ValidationError({"file": UNREADABLE}) from error
    if not answer["ok"]:
        raise ValidationError({"file": answer["sentence"]})
    return Probed(**{field.name: answer[field.name] for field in fields(Probed)})
