"""Face tracking from frame to frame.

The landmarks of one frame give the region of the next. Detection runs when a face was lost or none is tracked, where
the picture changed, and at an interval to find further faces (:mod:`ml.faces.search`). No description of a face is
kept: a track is an interval of presence, not an identity. A track goes on across a cut or a change of the picture's
size where the same moving picture goes on (:mod:`ml.faces.continuity`). It ends where another one takes its place.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.faces.continuity import REPLACED, SAME, Patch, correlation, patch_of
from ml.faces.geometry import Face, Region
from ml.faces.landmarks import MIN_PRESENCE, FaceMesh, region_of
from ml.faces.search import FaceSearch
from ml.faces.still_picture import StillPicture
from ml.media.planes import ColorSource, Source

MAX_FACES: Final = 9
"""Faces tracked at once. The largest are, where there are more."""
DETECT_EVERY_S: Final = 1.0
"""Interval of detection while faces are tracked."""
SAME_FACE: Final = 0.5
"""Distance between two face centres, relative to the larger face, below which they are the same face."""
CONTINUOUS_S: Final = 0.25
"""Longest time between two frames over which a face's picture is compared."""
SAME_SHAPE: Final = 0.03
"""Largest relative change of the picture's aspect ratio with which every face keeps its place."""


@dataclass(frozen=True, slots=True, eq=False)
class TrackedFace:
    """A face of this frame. ``track`` stays the same while the face is tracked without a gap. ``still_since_s``: the
    second since when its picture stands still, or ``None`` if it moves."""

    track: int
    face: Face
    still_since_s: float | None


@dataclass(slots=True, eq=False)
class _Track:
    """One track with its last face, the picture around it, and whether its place moves."""

    number: int
    face: Face
    patch: Patch
    still: StillPicture
    region: Region


class FaceTracker:
    """State of one recording or session. Pictures come in the order of time."""

    def __init__(self, *, tiled: bool = True) -> None:
        """``tiled``: whether small faces are searched for in tiles of the picture as well, which takes the time of
        about fifteen detections at once."""
        self._search = FaceSearch(tiled=tiled)
        self._mesh = FaceMesh()
        self._tracks: list[_Track] = []
        self._next_track = 0
        self._detected_at_s = self._at_s = -math.inf
        self._shape: tuple[int, ...] = ()

    def update(
        self,
        rgb: ColorSource,
        gray: Source,
        at_s: float,
        *,
        is_cut: bool = False,
        changed: NDArray[np.bool_] | None = None,
    ) -> list[TrackedFace]:
        """The faces of this picture, longest track first, at most :data:`MAX_FACES`. ``gray``: the same picture.
        ``is_cut`` and ``changed``: what :class:`ml.faces.scenes.Scenes` found."""
        is_cut = self._resize(rgb.shape[:2]) or is_cut
        is_continuous = at_s - self._at_s <= CONTINUOUS_S
        self._at_s = at_s
        kept: list[_Track] = []
        replaced: list[_Track] = []
        lost = False
        for track in self._tracks:
            followed = self._follow(track, gray, rgb, at_s)
            if followed is None or _among(followed.region, kept):
                lost = True
            elif is_continuous and correlation(track.patch, followed.patch) < (SAME if is_cut else REPLACED):
                replaced.append(track)
                continue
            else:
                kept.append(followed)
                continue
            if is_cut and is_continuous:
                replaced.append(track)
        self._tracks = kept
        is_due = not kept or lost or bool(replaced) or is_cut or at_s - self._detected_at_s >= DETECT_EVERY_S
        self._find(rgb, gray, at_s, is_due=is_due, is_cut=is_cut, changed=changed, replaced=replaced)
        return [TrackedFace(track.number, track.face, track.still.since_s) for track in self._tracks]

    def _resize(self, shape: tuple[int, ...]) -> bool:
        """Follows a change of the picture's size. True if its aspect ratio changed as well, so that faces moved."""
        before, self._shape = self._shape, shape
        if not before or before == shape:
            return False
        vertical, horizontal = shape[0] / before[0], shape[1] / before[1]
        for track in self._tracks:
            track.region = track.region.resized(horizontal, vertical)
            track.still.resize(horizontal, vertical)
        return abs(horizontal / vertical - 1) > SAME_SHAPE

    def _follow(self, track: _Track, gray: Source, rgb: ColorSource, at_s: float) -> _Track | None:
        """The track with its face in this picture, or ``None`` if there is none. Landmarks of a still picture stay."""
        has_moved = track.still.has_moved(gray, at_s)
        if not has_moved and track.still.since_s is not None:
            return track
        face = self._mesh.landmark(rgb, track.region)
        if not _is_face(face, rgb):
            return None
        region = region_of(face)
        if has_moved:
            track.still.restart(gray, region, at_s)
        return _Track(track.number, face, patch_of(gray, region), track.still, region)

    def _find(
        self,
        rgb: ColorSource,
        gray: Source,
        at_s: float,
        *,
        is_due: bool,
        is_cut: bool,
        changed: NDArray[np.bool_] | None,
        replaced: list[_Track],
    ) -> None:
        """Adds the faces that are not tracked yet. One that shows what was ``replaced`` goes on with its track."""
        regions: list[Region] = []
        if is_due:
            self._detected_at_s = at_s
            regions += self._search.whole(rgb)
        elif changed is not None:
            regions += self._search.changed(rgb, changed, [track.region for track in self._tracks])
        new = self._add(regions, rgb, gray, at_s, replaced)
        if self._search.tiles_due(at_s, is_cut=is_cut):
            new_in_tiles = self._add(self._search.tiles(rgb, at_s), rgb, gray, at_s, replaced)
            self._search.found(is_new=new_in_tiles > 0 or (new > 0 and is_cut))
        if len(self._tracks) > MAX_FACES:
            smallest = sorted(self._tracks, key=lambda track: -track.region.size)[MAX_FACES:]
            self._tracks = [track for track in self._tracks if track not in smallest]

    def _add(self, regions: list[Region], rgb: ColorSource, gray: Source, at_s: float, replaced: list[_Track]) -> int:
        added = 0
        for region in regions:
            if _among(region, self._tracks):
                continue
            face = self._mesh.landmark(rgb, region)
            if not _is_face(face, rgb) or _among(region_of(face), self._tracks):
                continue
            # Landmarks again from the landmarks' own region, because the detector's box is coarse.
            refined = self._mesh.landmark(rgb, region_of(face))
            face = max(face, refined, key=lambda f: f.presence)
            self._tracks.append(self._track_of(face, gray, at_s, replaced))
            added += 1
        return added

    def _track_of(self, face: Face, gray: Source, at_s: float, replaced: list[_Track]) -> _Track:
        region = region_of(face)
        patch = patch_of(gray, region)
        before = max(replaced, key=lambda track: correlation(track.patch, patch), default=None)
        if before is not None and correlation(before.patch, patch) >= SAME:
            replaced.remove(before)
            number, still = before.number, before.still
        else:
            number, still = self._next_track, StillPicture()
            self._next_track += 1
        still.restart(gray, region, at_s)
        return _Track(number, face, patch, still, region)


def _is_face(face: Face, rgb: ColorSource) -> bool:
    """Whether the mesh detects a face and the middle between its eyes is inside the frame."""
    height, width = rgb.shape[:2]
    x, y = (float(v) for v in (face.right_eye + face.left_eye) / 2)
    return face.presence >= MIN_PRESENCE and 0 <= x < width and 0 <= y < height


def _among(region: Region, tracks: list[_Track]) -> bool:
    return any(_same(region, track.region) for track in tracks)


def _same(one: Region, other: Region) -> bool:
    return math.hypot(one.x - other.x, one.y - other.y) < SAME_FACE * max(one.size, other.size) / 1.5
