"""Movement of a mouth over time: the opening between the lips, by which speech is attributed to a face.

No description of the face is kept: one number a frame, relative to the distance of the eyes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.faces.geometry import Face
from ml.spans import Span

INNER_UPPER_LIP: Final = (82, 13, 312)
INNER_LOWER_LIP: Final = (87, 14, 317)
"""Mesh vertices of the inner lips' middle three pairs."""
ENOUGH_S: Final = 1.0
"""Least seconds of speech and of silence over which movement of the mouth and voice are compared."""
AROUND_S: Final = 0.25
"""Time before and after a frame over which the movement of the mouth is averaged."""
FULL: Final = 1.0
"""Speed of the opening, in eye distances a second, from which a mouth moves fully."""
MIN_FRAMES: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class MouthMovement:
    """``times_s`` (n,): ascending frame times on the recording's clock. ``openness`` (n,): gap between the inner lips
    over the distance of the eyes, 0 closed, about 0.5 wide open."""

    times_s: NDArray[np.float64]
    openness: NDArray[np.float64]

    def outside(self, spans: Sequence[Span]) -> "MouthMovement":
        """The movement without that of these spans."""
        kept = np.ones(self.times_s.size, np.bool_)
        for start_s, end_s in spans:
            kept &= (self.times_s < start_s) | (self.times_s >= end_s)
        return MouthMovement(self.times_s[kept], self.openness[kept])


def mouth_openness(face: Face) -> float:
    """The gap between the inner lips, mean of three places, over the distance of the eyes. Both are measured in the
    picture's plane, so that a nod changes it and a change of distance does not."""
    upper, lower = (face.landmarks[list(points), :2] for points in (INNER_UPPER_LIP, INNER_LOWER_LIP))
    eyes = float(np.linalg.norm(face.left_eye - face.right_eye))
    return float(np.linalg.norm(upper - lower, axis=1).mean()) / max(1e-6, eyes)


def speaking(mouth: MouthMovement, voice: Sequence[Span]) -> float:
    """How far the mouth moves while somebody speaks, and rests while nobody does: the correlation of both over time,
    0..1. 0 if there is less than :data:`ENOUGH_S` of speech or of silence in view."""
    activity = _activity(mouth)
    if not len(activity) or not voice:
        return 0.0
    starts_s, ends_s = np.array(voice, np.float64).T
    index = np.searchsorted(starts_s, mouth.times_s, side="right") - 1
    spoken = (index >= 0) & (mouth.times_s < ends_s[index])
    step_s = float(np.median(np.diff(mouth.times_s)))
    if min(spoken.sum(), (~spoken).sum()) * step_s < ENOUGH_S or not activity.std():
        return 0.0
    return max(0.0, float(np.corrcoef(activity, spoken)[0, 1]))


def _activity(mouth: MouthMovement) -> NDArray[np.float64]:
    """Movement of the mouth around each frame: the mean absolute change of its opening within :data:`AROUND_S`,
    up to :data:`FULL`. (n,), empty without enough frames."""
    times_s, openness = mouth.times_s, mouth.openness
    if len(times_s) < MIN_FRAMES:
        return np.empty(0)
    steps_s = np.diff(times_s)
    speed = np.where(steps_s < AROUND_S, np.abs(np.diff(openness)) / np.maximum(steps_s, 1e-3), 0.0)
    width = max(1, round(2 * AROUND_S / float(np.median(steps_s))))
    smooth = np.convolve(np.concatenate([speed[:1], speed]), np.ones(width) / width, mode="same")
    return np.minimum(smooth, FULL)
