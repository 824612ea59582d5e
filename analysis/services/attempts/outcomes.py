"""The outcomes of an attempt that executes a confined program: which state and reason each of its errors gives."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from analysis.models import Playback, Robustness, Transcript
from analysis.services.attempts.recording_files import RECORDING_MISSING, RecordingMissing
from analysis.services.attempts.state_machine import work_finish, work_stopped
from analysis.services.attempts.stopping import worker_is_stopping
from analysis.services.errors import ClaimLost
from interviews.media_storage import MediaLocked
from ml.confinement import programs

logger = logging.getLogger(__name__)


class ProgramFailed(Exception):
    """The program made nothing; ``str(error)`` is its reason, a sentence for the recruiter."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """Reasons for the recruiter: no turn came in time, the program broke off, and an internal error, whose sentence has
    the field ``{reference}``."""

    too_late: str
    broke_off: str
    internal: str


@contextmanager
def outcome_written(row: Playback | Robustness | Transcript, sentences: Sentences) -> Iterator[None]:
    """Writes to the claimed row how the body failed or was stopped. The body writes its own success."""
    rows = type(row).objects.all()
    name = f"{row._meta.verbose_name} {row.pk}"

    def fail(reason: str) -> None:
        work_finish(rows, row, status="failed", reason=reason)

    try:
        yield
    except (programs.ProgramStopped, ClaimLost):
        work_stopped(rows, row, hand_back=worker_is_stopping(), cancelled={}, queued={"progress": 0.0})
    except ProgramFailed as error:
        fail(str(error))
    except programs.ProgramTimeout:
        fail(sentences.too_late)
    except programs.ProgramKilled as error:
        logger.error("%s: %s", name, error)
        fail(sentences.broke_off)
    except RecordingMissing:
        logger.error("%s: %s is missing from storage", name, row.recording.file.name)
        fail(RECORDING_MISSING)
    except MediaLocked as error:
        logger.error("%s: %s", name, error)
        fail(str(error))
    except Exception:
        reference = row.claim.hex[:8].upper() if row.claim is not None else ""
        logger.exception("%s failed, reference %s", name, reference)
        fail(sentences.internal.format(reference=reference))
