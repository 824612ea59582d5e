"""Who was in view in a recording: the sightings that one face pass gives."""

from typing import Final

from ml.faces.face_pass import SeenFace
from ml.faces.mouth import mouth_openness
from ml.faces.people import Person, people_of
from ml.faces.sighting import Portrait, Sighting
from ml.faces.still_picture import STILL_AFTER_S
from ml.media.video import Frame

PORTRAIT_SIDE: Final = 128
PORTRAIT_SCALE: Final = 1.3
"""Side of the picture relative to the mesh's region: the face with its hair."""


class PeopleLog:
    """The sightings of one recording. Frames come in the order of time."""

    def __init__(self) -> None:
        self._sightings: dict[int, Sighting] = {}
        self.max_simultaneous = 0

    def add(self, frame: Frame, seen: list[SeenFace]) -> None:
        """The faces of the next frame."""
        for face in seen:
            sighting = self._sightings.setdefault(face.track, Sighting(face.track, face.scene))
            sighting.last_scene = face.scene
            sighting.add(
                frame.start_s, frame.end_s, face.box, mouth_openness(face.face), still_since_s=face.still_since_s
            )
            if face.is_small:
                sighting.add_small(frame.start_s, frame.end_s)
            _picture(sighting, frame, face)
        self.max_simultaneous = max(self.max_simultaneous, len(seen))

    def people(self) -> list[Person]:
        return people_of(self._sightings.values())


def _picture(sighting: Sighting, frame: Frame, face: SeenFace) -> None:
    """Keeps this frame's picture of the face if it is larger and less turned than the best one so far. It counts once
    the face was seen to move after it."""
    offered, still_since_s = sighting.offered, face.still_since_s
    if offered is not None:
        if still_since_s is not None and sighting.portrait is not None and still_since_s <= offered.at_s:
            sighting.offered = None
        elif still_since_s is None and frame.start_s - offered.at_s > STILL_AFTER_S:
            sighting.portrait, sighting.offered = offered, None
        return
    turned = abs(face.pose.yaw_deg) + abs(face.pose.pitch_deg)
    quality = face.pose.eye_distance / (30.0 + turned)
    if still_since_s is None and (sighting.portrait is None or quality > sighting.portrait.quality):
        picture = face.cut(frame.picture, scale=PORTRAIT_SCALE, side=PORTRAIT_SIDE)
        sighting.offered = Portrait(picture, frame.start_s, face.box, quality)
