"""The face pass: one pass over the frames that gives the inputs of facial expression, eye emotion and gaze."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ml.faces.alignment import eye_strip, face_crop
from ml.faces.candidate import Box, Candidate, Sighting
from ml.faces.geometry import Picture
from ml.faces.head_pose import HeadPose, head_pose
from ml.faces.iris import EyeCut, cut_eyes
from ml.faces.mouth import mouth_openness
from ml.faces.scenes import Scenes
from ml.faces.tracker import FaceTracker
from ml.media.video import Frame

MIN_EYE_DISTANCE: Final = 12.0
"""Smallest interocular distance in pixels of a face that is used. FER2013's faces have 18."""


@dataclass(frozen=True, slots=True, eq=False)
class FaceSample:
    """The inputs of the recognisers for one face in one frame: small cuts, so that many fit into a queue.

    ``crop`` uint8 (48, 48) and ``strip`` uint8 (40, 96) as ``ml.faces.alignment`` makes them; ``eyes`` right, left.
    """

    track: int
    start_s: float
    end_s: float
    crop: Picture
    strip: Picture
    eyes: tuple[EyeCut, EyeCut]
    pose: HeadPose


class FacePass:
    """State of one recording or session: the scene, the tracker, and the presence of each track."""

    def __init__(self) -> None:
        self._tracker = FaceTracker()
        self._scenes = Scenes()
        self._scene = 0
        self._sightings: dict[int, Sighting] = {}
        self.max_simultaneous = 0

    def observe(self, frame: Frame) -> list[FaceSample]:
        """The face samples of the next frame. Faces below :data:`MIN_EYE_DISTANCE` are left out."""
        scene = self._scenes.number(frame.rgb)
        if scene != self._scene:
            self._scene = scene
            self._tracker.lose_all()
        tracked = self._tracker.update(frame.rgb, frame.start_s)
        gray = np.asarray(cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8) if tracked else None
        samples = []
        for item in tracked:
            pose = head_pose(item.face)
            if gray is None or pose.eye_distance < MIN_EYE_DISTANCE:
                continue
            sighting = self._sightings.setdefault(item.track, Sighting(item.track, scene))
            sighting.add(frame.start_s, frame.end_s, item.face.box, mouth_openness(item.face))
            samples.append(
                FaceSample(
                    track=item.track,
                    start_s=frame.start_s,
                    end_s=frame.end_s,
                    crop=face_crop(gray, item.face),
                    strip=eye_strip(gray, item.face),
                    eyes=cut_eyes(frame.rgb, item.face),
                    pose=pose,
                )
            )
        self.max_simultaneous = max(self.max_simultaneous, len(samples))
        return samples

    def box_of(self, track: int) -> Box:
        """The last bounding box of this track: left, top, right, bottom in pixels."""
        return self._sightings[track].last

    def candidate(self) -> Candidate:
        """The candidate, from the frames observed so far."""
        return Candidate.among(list(self._sightings.values()))
