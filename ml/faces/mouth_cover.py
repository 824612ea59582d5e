"""Occlusion of the mouth: whether a mask, a microphone, a sheet, a scarf or a hand covers it.

A logistic regression over five measures of the face's crop in colour. Lips are redder than the skin around them, they
have edges, and they vary in brightness, while the skin around them is smooth; the lower half of a face has the colour
of the cheeks. One face decides nothing: the log-odds are pooled over a second, and a cover lasts for a second or more.
"""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.arrays import Float64
from ml.faces.alignment import FACE_SIZE, crop_matrix, face_colors
from ml.faces.geometry import Face, Picture, Points, transform
from ml.media.planes import Source
from ml.spans import Span, union

OUTER_LIPS: Final = np.array(
    [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185]
)
"""Mesh vertices of the lips' outline, in its order."""
CHEEKS: Final = np.array([50, 280, 117, 346, 101, 330])
"""Mesh vertices of the cheeks under the eyes."""
LOWER_FACE: Final = np.array([18, 200, 199, 175, 152, 32, 262, 194, 418, 57, 287, 164, 393, 167, 212, 432, 202, 422])
"""Mesh vertices of chin, upper lip and the cheeks beside the mouth."""
EYES: Final = ((33, 133), (362, 263))
"""Outer and inner corners."""
AROUND: Final = np.array([1.35, 2.0], np.float32)
"""Width and height of the skin around the lips, relative to theirs."""

WEIGHTS: Final = np.array([-0.771, -2.829, -7.585, 7.673, 2.326])
INTERCEPT: Final = -4.642
"""Fitted to 262 faces of seven people in nine recordings, each as it is, blurred, in the dark, small, compressed and
pale, and with seven painted covers (mask, microphone, sheet, scarf, upright fingers, fist, hand lying across)."""
COVERED: Final = 0.6
"""Pooled log-odds above which the mouth is covered. With each person left out of the fit: none of 262 faces, 1 in 1000
of the corrupted ones."""

EVERY_S: Final = 0.2
"""Shortest interval between two measurements of a face: a cover stays for longer."""
POOLED_S: Final = 1.0
"""The median over so much time decides."""
MIN_MEASURED: Final = 3
"""Measurements in that time, without which nothing is decided."""
MIN_COVERED_S: Final = 1.0
"""Shortest time for which a mouth is covered."""
HOLDS_S: Final = 0.4
"""Longest time for which one measurement holds."""
_TOLERANCE_S: Final = 1e-3

Measured = tuple[float, float]
"""The second of a measurement and its log-odds."""


class RecentCover:
    """Whether the mouth of a live face is covered now, from the measurements of the last second."""

    def __init__(self) -> None:
        self._recent: deque[Measured] = deque()

    def update(self, at_s: float, log_odds: float | None) -> bool:
        """``log_odds`` at this second, which ascends; ``None`` where nothing was measured."""
        if log_odds is not None:
            self._recent.append((at_s, log_odds))
        while self._recent and self._recent[0][0] < at_s - POOLED_S - _TOLERANCE_S:
            self._recent.popleft()
        odds = [value for _, value in self._recent]
        return len(odds) >= MIN_MEASURED and float(np.median(odds)) > COVERED


def covered_spans(measured: Sequence[Measured]) -> list[Span]:
    """When the mouth of one person is covered, from measurements in the order of time."""
    times_s = np.array([at_s for at_s, _ in measured])
    first = np.searchsorted(times_s, times_s - POOLED_S / 2 - _TOLERANCE_S)
    last = np.searchsorted(times_s, times_s + POOLED_S / 2 + _TOLERANCE_S)
    odds = np.array([value for _, value in measured])
    ends_s = [min(later_s, at_s + HOLDS_S) for at_s, later_s in pairwise([*times_s.tolist(), np.inf])]
    covered = [
        (float(times_s[i]), ends_s[i])
        for i in range(len(measured))
        if last[i] - first[i] >= MIN_MEASURED and np.median(odds[first[i] : last[i]]) > COVERED
    ]
    return [span for span in union(covered, join_s=EVERY_S) if span[1] - span[0] >= MIN_COVERED_S - _TOLERANCE_S]


def cover_log_odds(crop: Picture, picture: Source, face: Face) -> float:
    """The log-odds that the mouth of a face in an RGB picture is covered. ``crop`` is its grey cut."""
    to_crop = np.asarray(cv2.invertAffineTransform(crop_matrix(face)), np.float64)
    points = transform(face.landmarks[:, :2], to_crop)
    lab = np.asarray(cv2.cvtColor(face_colors(picture, face), cv2.COLOR_RGB2LAB), np.uint8)
    return float(WEIGHTS @ _measures(crop, lab, points)) + INTERCEPT


def _measures(gray: Picture, lab: Picture, points: Points) -> Float64:
    """Of a crop in grey, uint8 (48, 48), and CIELAB, (48, 48, 3), with the mesh's ``points`` in its pixels:

    - how much redder (a* of CIELAB) the lips are than the skin around them,
    - the logarithm of their horizontal edges over those of the eyes,
    - the deviation of their brightness, and that of the skin around them, over that of the crop,
    - the logarithm of the difference in colour between the lower face and the cheeks.
    """
    outline = points[OUTER_LIPS]
    middle = outline.mean(axis=0)
    lips = _filled(outline)
    near = cv2.dilate(lips, np.ones((3, 3), np.uint8))
    skin = cv2.subtract(_filled(middle + (outline - middle) * AROUND), near)
    eyes = np.zeros_like(gray)
    for one, other in EYES:
        x, y = (round(at) for at in ((points[one] + points[other]) / 2).tolist())
        eyes[max(0, y - 3) : max(0, y + 4), max(0, x - 4) : max(0, x + 5)] = 1
    edges = np.abs(cv2.Sobel(gray, cv2.CV_16S, 0, 1))
    smooth = np.asarray(cv2.blur(lab, (3, 3)), np.uint8)
    lower, cheeks = (_median_color(smooth, points, vertices) for vertices in (LOWER_FACE, CHEEKS))
    deviation = max(4.0, cv2.meanStdDev(gray)[1].item())
    return np.array(
        [
            cv2.mean(lab, lips)[1] - cv2.mean(lab, skin)[1],
            np.log((cv2.mean(edges, near)[0] + 2) / (cv2.mean(edges, eyes)[0] + 2)),
            cv2.meanStdDev(gray, mask=lips)[1].item() / deviation,
            cv2.meanStdDev(gray, mask=skin)[1].item() / deviation,
            np.log(np.hypot(*(lower - cheeks)) + 2),
        ]
    )


def _filled(outline: Points) -> Picture:
    mask = np.zeros((FACE_SIZE, FACE_SIZE), np.uint8)
    cv2.fillPoly(mask, [np.round(outline * 8).astype(np.int32)], (1,), shift=3)
    return mask


def _median_color(lab: Picture, points: Points, vertices: NDArray[np.int64]) -> Float64:
    """The (upper) median of a* and b* at these vertices."""
    x, y = np.clip(np.rint(points[vertices]).astype(np.intp), 0, FACE_SIZE - 1).T
    colors = np.sort(lab[y, x, 1:], axis=0)  # far cheaper than np.median
    return np.asarray(colors[len(colors) // 2], np.float64)
