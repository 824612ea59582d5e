"""Face detection with BlazeFace.

Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs" (2019). Anchors, decoding and
weighted suppression follow MediaPipe's published graphs for the full-range network (192 x 192, one anchor per cell
of stride 4), which also sees the small faces that the short-range one misses.
"""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.faces import models
from ml.faces.geometry import Points, Region
from ml.media.planes import ColorSource, shrunk, whole

INPUT: Final = 192
STRIDE: Final = 4
MIN_SCORE: Final = 0.6
MIN_OVERLAP: Final = 0.3
LOGIT_LIMIT: Final = 80.0
"""Logits are clipped to this before the sigmoid, which would overflow."""

REGION_SCALE: Final = 1.5
"""Margin factor from the detected box to the input of the mesh network (MediaPipe's face landmark graph)."""


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """``box`` x0, y0, x1, y1 and ``keypoints`` (6, 2): right eye, left eye, nose, mouth, right ear, left ear."""

    box: Points
    keypoints: Points
    score: float

    @property
    def region(self) -> Region:
        """The input square of the mesh network, level with the eyes."""
        dx, dy = self.keypoints[1] - self.keypoints[0]
        x0, y0, x1, y1 = (float(v) for v in self.box)
        side = max(x1 - x0, y1 - y0) * REGION_SCALE
        return Region((x0 + x1) / 2, (y0 + y1) / 2, side, math.atan2(float(dy), float(dx)))


class FaceDetector:
    """Detects the faces of single pictures. Stateless."""

    def __init__(self) -> None:
        self._graph = models.load("face_detection_full_range.tflite")
        cells = INPUT // STRIDE
        row, column = np.divmod(np.arange(cells * cells), cells)
        self._anchors = ((np.stack([column, row], axis=1) + 0.5) / cells).astype(np.float32)

    def detect(self, picture: ColorSource) -> list[Detection]:
        """Faces in an RGB (H, W, 3) or grey (H, W) picture, best score first."""
        tensor, scale, left, top = _letterbox(picture)
        raw, logits = self._graph.run(tensor)
        scores = 1 / (1 + np.exp(-np.clip(logits[0, :, 0], -LOGIT_LIMIT, LOGIT_LIMIT)))
        kept = np.flatnonzero(scores >= MIN_SCORE)
        if not len(kept):
            return []
        # Raw rows are x, y, width, height and six keypoints, in input pixels around the anchor.
        values = raw[0, kept].reshape(-1, 8, 2) / INPUT
        anchors = self._anchors[kept]
        centre = values[:, 0] + anchors
        half = values[:, 1] / 2
        points = np.concatenate(
            [(centre - half)[:, None], (centre + half)[:, None], values[:, 2:] + anchors[:, None]], 1
        )
        points = (points * INPUT - np.array([left, top])) / scale
        return _suppress(points.astype(np.float32), scores[kept])


def _letterbox(picture: ColorSource) -> tuple[NDArray[np.float32], float, int, int]:
    """The picture inside a square network input in -1..1, with its scale and margins."""
    height, width = picture.shape[:2]
    scale = INPUT / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = shrunk(picture, size) if scale < 1 else cv2.resize(whole(picture), size, interpolation=cv2.INTER_LINEAR)
    if small.ndim == 2:
        small = cv2.cvtColor(small, cv2.COLOR_GRAY2RGB)
    left, top = (INPUT - size[0]) // 2, (INPUT - size[1]) // 2
    square = np.zeros((INPUT, INPUT, 3), np.uint8)
    square[top : top + size[1], left : left + size[0]] = small
    tensor = square.astype(np.float32)[np.newaxis] / 127.5 - 1
    return tensor, scale, left, top


def _suppress(points: Points, scores: Points) -> list[Detection]:
    """Weighted non-maximum suppression: overlapping candidates are averaged by score. ``points`` is (n, 8, 2)."""
    detections = []
    rest = np.argsort(-scores)
    while len(rest):
        overlap = _overlap(points[rest[0], :2], points[rest, :2])
        overlap[0] = 1.0
        group, rest = rest[overlap > MIN_OVERLAP], rest[overlap <= MIN_OVERLAP]
        merged = np.average(points[group], axis=0, weights=scores[group]).astype(np.float32)
        detections.append(Detection(merged[:2].reshape(4), merged[2:], float(scores[group[0]])))
    return detections


def _overlap(box: Points, boxes: Points) -> Points:
    """Intersection over union of one box (2, 2) with many (n, 2, 2)."""
    extent = np.clip(np.minimum(box[1], boxes[:, 1]) - np.maximum(box[0], boxes[:, 0]), 0, None)
    shared = extent.prod(axis=1)
    areas = np.clip(boxes[:, 1] - boxes[:, 0], 0, None).prod(axis=1)
    union = areas + np.clip(box[1] - box[0], 0, None).prod() - shared
    return np.asarray(shared / np.maximum(union, 1e-9))
