"""The face pass: one pass over the frames that gives the inputs of facial expression, eye emotion and gaze."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.faces.alignment import eye_strip, face_crop
from ml.faces.geometry import Face, Picture
from ml.faces.head_pose import HeadPose, head_pose
from ml.faces.iris import EyeCut, cut_eyes
from ml.faces.landmarks import region_of
from ml.faces.mouth_cover import EVERY_S, cover_log_odds
from ml.faces.quality import FaceQuality, face_quality
from ml.faces.scenes import Scenes
from ml.faces.sighting import Box
from ml.faces.tracker import FaceTracker
from ml.media.planes import Source, gray_of
from ml.media.video import Frame
from ml.modalities import FACIAL_EXPRESSION

MIN_EYE_DISTANCE: Final = 12.0
"""Smallest interocular distance in pixels of a face that is used. FER2013's faces have 18."""


@dataclass(frozen=True, slots=True, eq=False)
class SeenFace:
    """A face of one frame. ``box``: shares of the picture. ``still_since_s``: the second since when its picture stands
    still, or ``None`` if it moves. ``is_small``: below :data:`MIN_EYE_DISTANCE`, so that it cannot be read."""

    track: int
    scene: int
    face: Face
    box: Box
    pose: HeadPose
    still_since_s: float | None

    @property
    def is_small(self) -> bool:
        return self.pose.eye_distance < MIN_EYE_DISTANCE

    @property
    def is_readable(self) -> bool:
        return not self.is_small and self.still_since_s is None

    @property
    def area(self) -> float:
        """Share of the picture, 0..1."""
        return (self.box[2] - self.box[0]) * (self.box[3] - self.box[1])

    def cut(self, picture: Source, *, scale: float, side: int) -> Picture:
        """The face, upright, as a square picture of ``side`` pixels, ``scale`` times as large as the mesh's region."""
        region = region_of(self.face)
        upright = type(region)(region.x, region.y, region.size * scale, 0.0)
        return upright.cut(picture, side)


@dataclass(frozen=True, slots=True, eq=False)
class FaceSample:
    """The inputs of the recognisers for one face in one frame: small cuts, so that many fit into a queue.

    ``crop`` uint8 (48, 48) and ``strip`` uint8 (40, 96) as ``ml.faces.alignment`` makes them; ``eyes`` right, left.
    ``mouth_cover``: log-odds of :mod:`ml.faces.mouth_cover`, ``None`` where they are not due or the face is not read.
    """

    track: int
    start_s: float
    end_s: float
    crop: Picture
    strip: Picture
    eyes: tuple[EyeCut, EyeCut]
    pose: HeadPose
    quality: FaceQuality
    mouth_cover: float | None = None


class FacePass:
    """State of one recording or session: the scene and the tracker."""

    def __init__(self, *, tiled: bool = True) -> None:
        """``tiled``: as :class:`ml.faces.tracker.FaceTracker`."""
        self._tracker = FaceTracker(tiled=tiled)
        self._scenes = Scenes()
        self._scene = 0
        self._cover_measured_s: dict[int, float] = {}
        """When the mouth of each track was measured last."""
        self._gray: Source = np.empty((0, 0), np.uint8)

    def observe(self, frame: Frame) -> list[SeenFace]:
        """The faces of the next frame, longest track first."""
        scene = self._scenes.number(frame.picture)
        is_cut, self._scene = scene != self._scene, scene
        self._gray = gray_of(frame.picture)
        tracked = self._tracker.update(
            frame.picture, self._gray, frame.start_s, is_cut=is_cut, changed=self._scenes.changed
        )
        height, width = frame.picture.shape[:2]
        seen = []
        for item in tracked:
            left, top, right, bottom = item.face.box
            box = left / width, top / height, right / width, bottom / height
            pose = head_pose(item.face)
            seen.append(SeenFace(item.track, scene, item.face, box, pose, item.still_since_s))
        return seen

    def sample(self, frame: Frame, seen: SeenFace) -> FaceSample:
        """The inputs of the recognisers for one of the faces of the last observed ``frame``."""
        crop, strip = face_crop(self._gray, seen.face), eye_strip(self._gray, seen.face)
        quality = face_quality(crop, strip)
        return FaceSample(
            track=seen.track,
            start_s=frame.start_s,
            end_s=frame.end_s,
            crop=crop,
            strip=strip,
            eyes=cut_eyes(frame.picture, seen.face),
            pose=seen.pose,
            quality=quality,
            mouth_cover=self._mouth_cover(frame, seen, crop, quality),
        )

    def _mouth_cover(self, frame: Frame, seen: SeenFace, crop: Picture, quality: FaceQuality) -> float | None:
        is_read = quality.problem(FACIAL_EXPRESSION) is None and seen.pose.is_readable(FACIAL_EXPRESSION)
        last_s = self._cover_measured_s.get(seen.track, -math.inf)
        if not is_read or frame.start_s - last_s < EVERY_S - 1e-3:
            return None
        self._cover_measured_s[seen.track] = frame.start_s
        return cover_log_odds(crop, frame.picture, seen.face)
