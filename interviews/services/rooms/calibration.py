"""The gaze calibration, fitted in a confined program to the samples that the browser collected at the nine dots."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from interviews.errors import Refusal
from interviews.models import ConsentEvent, GazeCalibration, Room
from interviews.selectors import consents_of
from interviews.selectors.policy import interview_policy
from interviews.services.holds import hold_keep
from interviews.services.rooms.announcing import room_announce
from ml.confinement import budgets, programs
from ml.confinement.policy import Policy

logger = logging.getLogger(__name__)

FAILED: Final = "The calibration could not be computed. The interview can go on without it."
NOT_READ: Final = "Where you look is not analysed in this interview, so nothing is calibrated."


def gaze_calibration_fit(*, room: Room, samples: Sequence[Mapping[str, Any]]) -> str:
    """Fit and store the calibration of these samples; returns a sentence when they make none, else nothing.

    A sample is ``{"target": area, "iris": [across, up], "head": [across, up], "openness": share}``. Samples that make
    no calibration leave an earlier one as it is. Raises :class:`Refusal` when the interview is over, and where gaze is
    not read: the candidate did not agree to it, or policy does not allow it.
    """
    if not room.is_running:
        raise Refusal("room_ended", "This interview has ended.")
    is_agreed = consents_of(interview_id=room.interview_id).given(ConsentEvent.Purpose.EYES)
    if not is_agreed or not interview_policy(interview=room.interview).allows("eye_gaze"):
        raise Refusal("not_agreed", NOT_READ)
    answer = _fit(samples)
    if not answer["ok"]:
        return str(answer["sentence"])
    fitted = {
        "parameters": answer["calibration"],
        "error_degrees": answer["error_degrees"],
        "points": answer["points"],
    }
    with transaction.atomic():
        hold_keep(interview=room.interview, rows=GazeCalibration.objects.filter(room=room), by=None)
        GazeCalibration.objects.update_or_create(room=room, defaults=fitted)
    room_announce(room_id=room.pk, what="calibration")
    return ""


def _fit(samples: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    try:
        answer = programs.ask(
            "ml.eye_gaze.fit_calibration",
            policy=Policy.of(budgets.gaze_calibration()),
            slots=settings.CONFINED_SLOTS,
            request={"samples": list(samples)},
        )
        return dict(answer)
    except (programs.ProgramTimeout, programs.ProgramKilled) as error:
        logger.warning("A gaze calibration could not be fitted: %r", error)
    return {"ok": False, "sentence": FAILED}
