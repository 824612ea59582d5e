"""The sentence that a recruiter sees when a part of the analysis fails. The log has the details."""

import logging
import uuid

from ml.artifacts import ArtifactMissing, ModelUnavailable
from ml.faces.models import FaceModelsMissing
from ml.runtime import FileDamaged

logger = logging.getLogger(__name__)


def failure_sentence(part: str, error: Exception) -> str:
    """``part`` is ``"eye-gaze recogniser"`` or the like. Logs ``error``, so call this once for each."""
    if isinstance(error, ModelUnavailable | FaceModelsMissing | FileDamaged):
        logger.error("the %s has no model: %s", part, error)
        what = "is not installed" if isinstance(error, ArtifactMissing) else "cannot be used"
        return f"The model of the {part} {what} on this server; ask your administrator."
    reference = uuid.uuid4().hex[:8].upper()
    logger.error("the %s stopped, reference %s", part, reference, exc_info=error)
    return f"The {part} stopped because of an internal error (reference {reference})."


def recognizer_failure(modality: str, error: Exception) -> str:
    """:func:`failure_sentence` for the recogniser of a modality."""
    return failure_sentence(f"{modality.replace('_', '-')} recogniser", error)
