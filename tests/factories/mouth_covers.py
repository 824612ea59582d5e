"""Things before a mouth, drawn on a picture of a face."""

import cv2
import numpy as np

from ml.faces.geometry import Face

KINDS = ("mask", "microphone", "sheet", "scarf", "fist")


def covered(picture, face: Face, kind: str):
    """A copy of the RGB ``picture`` with a cover before the mouth of its upright ``face``."""
    points = face.landmarks[:, :2]
    x, y = points[[61, 291]].mean(axis=0)
    unit = float(np.linalg.norm(face.left_eye - face.right_eye))
    drawn, mask = picture.astype(np.float32), np.zeros(picture.shape[:2], np.uint8)
    columns, rows = np.meshgrid(np.arange(picture.shape[1]), np.arange(picture.shape[0]))
    color = np.empty_like(drawn)
    if kind == "mask":
        outline = [points[234], points[50], points[1], points[280], points[454], points[365], points[152], points[136]]
        cv2.fillPoly(mask, [np.round(outline).astype(np.int32)], (1,))
        color[:] = (150, 190, 215)
    elif kind == "microphone":
        cv2.circle(mask, (round(x), round(y + 0.1 * unit)), round(0.45 * unit), (1,), -1)
        color[:] = (40, 40, 45)
    elif kind == "sheet":
        mask[rows > points[1, 1] + 0.15 * unit] = 1
        color[:] = (240, 240, 235)
    elif kind == "scarf":
        mask[rows > points[1, 1] + 0.1 * unit] = 1
        color[:] = (120, 40, 40)
        color *= 1 + 0.25 * np.sin((rows + columns / 2) / unit * 12)[..., np.newaxis]
    else:
        across, down = (columns - x) / (0.55 * unit), (rows - y - 0.1 * unit) / (0.45 * unit)
        mask[across**2 + down**2 < 1] = 1
        cheek_x, cheek_y = np.round(points[50]).astype(int)
        color[:] = 0.9 * picture[cheek_y, cheek_x].astype(np.float32)
        color *= (1.05 - 0.25 * np.abs(np.mod(across * 2, 1) * 2 - 1) ** 3)[..., np.newaxis]
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1.0)[..., np.newaxis]
    return np.clip(drawn * (1 - soft) + color * soft, 0, 255).astype(np.uint8)
