"""From one face in one frame to a direction of gaze.

The eye is a ball whose middle lies behind the middle between its corners, so the iris' offset from that middle is
the gaze minus a share of the head's own turn; adding the share back leaves the direction towards which the
candidate looks, seen from the camera (weak perspective).
"""

import math
from dataclasses import dataclass
from typing import Final

from ml.eye_gaze.parameters import Pair, Parameters
from ml.faces.head_pose import HeadPose
from ml.faces.iris import Eye

BEST_PX: Final = 46.0
"""Distance between the eyes, in pixels, from which the picture no longer limits the iris network."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Gaze in one frame.

    ``iris``: millimetres from its resting place, across (to the candidate's left) and up, as the picture stands;
    ``head``: where the head points, as sines across and up. From both comes ``across`` and ``up``, the direction in
    sines, not yet centred on the session. ``openness`` of the lids over the eye's width; ``noise`` the deviation to
    expect of ``across`` and ``up``.
    """

    start_s: float
    end_s: float
    across: float
    up: float
    openness: float
    noise: float
    iris: Pair = (0.0, 0.0)
    head: Pair = (0.0, 0.0)


def read(start_s: float, end_s: float, right: Eye, left: Eye, pose: HeadPose, parameters: Parameters) -> Reading | None:
    """Both eyes averaged by how wide they show; ``None`` when the face is too small for its irises."""
    if pose.eye_distance < parameters.min_eye_distance_px:
        return None
    weight = right.width + left.width
    across_r, up_r = _offset_mm(right, pose, parameters, outer_side=-1.0)
    across_l, up_l = _offset_mm(left, pose, parameters, outer_side=1.0)
    across_mm = (across_r * right.width + across_l * left.width) / weight
    up_mm = (up_r * right.width + up_l * left.width) / weight
    # The offsets stand in the head's own upright frame: turn them back by the roll before the head's part is added.
    roll = math.radians(pose.roll_deg)
    across_mm, up_mm = (
        across_mm * math.cos(roll) + up_mm * math.sin(roll),
        up_mm * math.cos(roll) - across_mm * math.sin(roll),
    )
    head_across, head_up = pose.forward
    return Reading(
        start_s=start_s,
        end_s=end_s,
        across=(across_mm + parameters.head_mm[0] * head_across) / parameters.radius_mm[0],
        up=(up_mm + parameters.head_mm[1] * head_up) / parameters.radius_mm[1],
        openness=(right.openness + left.openness) / 2,
        noise=parameters.noise * max(1.0, BEST_PX / pose.eye_distance),
        iris=(across_mm, up_mm),
        head=pose.forward,
    )


def _offset_mm(eye: Eye, pose: HeadPose, parameters: Parameters, *, outer_side: float) -> tuple[float, float]:
    """Iris from its resting place, across and up in the upright head."""
    mm_per_px = parameters.eye_distance_mm / pose.eye_distance
    x, y = (float(v) * mm_per_px for v in eye.iris - eye.middle)
    roll = math.radians(pose.roll_deg)
    across = x * math.cos(roll) + y * math.sin(roll)
    up = x * math.sin(roll) - y * math.cos(roll)
    return across - outer_side * parameters.outward_mm, up - parameters.upward_mm
