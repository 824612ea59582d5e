"""Gaze direction of one face in one frame, from iris offset and head pose (weak perspective).

The eyeball's centre lies behind the midpoint between the eye corners. The iris offset from that midpoint is therefore
the gaze direction minus a share of the head's rotation. Adding the share back gives the direction relative to the
camera.
"""

import math
from dataclasses import dataclass
from typing import Final

from ml.eye_gaze.parameters import Pair, Parameters
from ml.faces.head_pose import HeadPose
from ml.faces.iris import Eye

FULL_RESOLUTION_PX: Final = 46.0
"""Interocular distance in pixels from which resolution no longer limits the iris network."""


@dataclass(frozen=True, slots=True)
class GazeSample:
    """Gaze measured in one frame.

    ``horizontal`` and ``vertical``: direction relative to the camera, in sines, positive to the candidate's left and
    up, not yet centred on the session. ``openness``: lid opening over eye width. ``sigma``: standard deviation of
    ``horizontal`` and ``vertical``. ``iris``: offset from its rest position in millimetres, upright in the picture.
    ``head``: head direction in sines.
    """

    start_s: float
    end_s: float
    horizontal: float
    vertical: float
    openness: float
    sigma: float
    iris: Pair = (0.0, 0.0)
    head: Pair = (0.0, 0.0)


def is_large_enough(pose: HeadPose, parameters: Parameters) -> bool:
    """Whether the face is large enough for its irises to be located."""
    return pose.eye_distance >= parameters.min_eye_distance_px


def measure(start_s: float, end_s: float, right: Eye, left: Eye, pose: HeadPose, parameters: Parameters) -> GazeSample:
    """Mean of both eyes weighted by their visible width."""
    weight = right.width + left.width
    horizontal_r, vertical_r = _offset_mm(right, pose, parameters, outer_side=-1.0)
    horizontal_l, vertical_l = _offset_mm(left, pose, parameters, outer_side=1.0)
    horizontal_mm = (horizontal_r * right.width + horizontal_l * left.width) / weight
    vertical_mm = (vertical_r * right.width + vertical_l * left.width) / weight
    # The offsets are in the head's own upright frame: undo the roll before the head direction is added.
    roll = math.radians(pose.roll_deg)
    horizontal_mm, vertical_mm = (
        horizontal_mm * math.cos(roll) + vertical_mm * math.sin(roll),
        vertical_mm * math.cos(roll) - horizontal_mm * math.sin(roll),
    )
    head_horizontal, head_vertical = pose.forward
    return GazeSample(
        start_s=start_s,
        end_s=end_s,
        horizontal=(horizontal_mm + parameters.head_mm[0] * head_horizontal) / parameters.radius_mm[0],
        vertical=(vertical_mm + parameters.head_mm[1] * head_vertical) / parameters.radius_mm[1],
        openness=(right.openness + left.openness) / 2,
        sigma=parameters.noise * max(1.0, FULL_RESOLUTION_PX / pose.eye_distance),
        iris=(horizontal_mm, vertical_mm),
        head=pose.forward,
    )


def _offset_mm(eye: Eye, pose: HeadPose, parameters: Parameters, *, outer_side: float) -> Pair:
    """Iris offset from its rest position, in the head's upright frame."""
    mm_per_px = parameters.eye_distance_mm / pose.eye_distance
    x, y = (float(v) * mm_per_px for v in eye.iris - eye.middle)
    roll = math.radians(pose.roll_deg)
    horizontal = x * math.cos(roll) + y * math.sin(roll)
    vertical = x * math.sin(roll) - y * math.cos(roll)
    return horizontal - outer_side * parameters.outward_mm, vertical - parameters.upward_mm
