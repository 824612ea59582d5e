"""Accuracy on FER2013's faces when they are cropped by our landmarks, and by which margins it is highest.

The face mesh finds the faces of FER2013 in their enlarged pictures; they are cropped as serving does
(:func:`ml.faces.alignment.face_crop`): level, and framed by eyes and mouth instead of by FER2013's detector.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from tqdm import tqdm

from ml.faces.alignment import eye_strip, face_crop
from ml.faces.geometry import MOUTH_LEFT, MOUTH_RIGHT, Face, Picture
from ml.faces.landmarks import MIN_PRESENCE, FaceMesh, landmarks_from_crop
from ml.facial_expression.labels import LABELS
from ml.training.datasets.fer2013 import Ints, Pixels, Split
from ml.training.evaluation import EvaluationResult
from ml.training.metrics import Floats, scores, wilson_interval

MARGINS: Final = (0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2)
"""How much of the picture a crop shows, as a multiple of what serving shows."""

HEIGHTS: Final = (-0.06, -0.03, 0.0, 0.03, 0.06)
"""How much lower than in serving a crop is cut, in shares of its side."""

Predict = Callable[[Pixels], Floats]


@dataclass(frozen=True, eq=False)
class Found:
    """The faces of a split that the mesh found: which they are (n,), and each with its picture."""

    index: Ints
    faces: tuple[tuple[Picture, Face], ...]

    def crops(self, *, margin: float = 1.0, lower: float = 0.0) -> Pixels:
        """uint8 (n, 48, 48) as serving cuts them, or with other margins."""
        return np.stack([face_crop(picture, _framed(face, margin, lower)) for picture, face in self.faces])

    def strips(self) -> Pixels:
        """uint8 (n, 40, 96): the eyes of the faces."""
        return np.stack([eye_strip(picture, face) for picture, face in self.faces])


def find(images: Pixels, *, title: str = "landmarks") -> Found:
    """The face of each picture (n, 48, 48), where the mesh is sure that there is one."""
    mesh, index, faces = FaceMesh(), [], []
    for number, image in enumerate(tqdm(images, desc=title, disable=not sys.stderr.isatty())):
        picture, face = landmarks_from_crop(mesh, image)
        if face.presence >= MIN_PRESENCE:
            index.append(number)
            faces.append((picture, face))
    return Found(np.array(index, dtype=np.int64), tuple(faces))


def evaluate(split: str, title: str, found: Found, faces: Split, predict: Predict, plain: Floats) -> EvaluationResult:
    """Scores on the faces of a split that were found, one at least, cropped as serving does; ``plain`` (n, 7) are the
    probabilities of FER2013's own crops."""
    truth = faces.truth[found.index]
    own = float((plain[found.index].argmax(axis=1) == truth).mean())
    return EvaluationResult(
        key=f"fer2013_{split}_our_crops",
        title=f"{title}, cut anew by our landmarks",
        scores=scores(truth, predict(found.crops()), LABELS),
        note=(
            f"as serving cuts faces; FER2013's own crops of the same faces are read with {100 * own:.1f} %; "
            f"{len(faces.truth) - len(truth)} pictures without landmarks are left out"
        ),
    )


def sweep(found: Found, truth: Ints, predict: Predict) -> list[dict[str, Any]]:
    """Accuracy on the found faces (class indices ``truth``, n) by margin and height; best on validation, so that the
    choice is not made on the test."""
    choices = [(margin, 0.0) for margin in MARGINS] + [(1.0, lower) for lower in HEIGHTS if lower]
    rows = []
    for margin, lower in choices:
        right = int((predict(found.crops(margin=margin, lower=lower)).argmax(axis=1) == truth).sum())
        low, high = wilson_interval(right, len(truth))
        rows.append(
            {
                "margin": margin,
                "lower": lower,
                "accuracy": round(right / len(truth), 4),
                "interval": [round(low, 4), round(high, 4)],
            }
        )
    return rows


def _framed(face: Face, margin: float, lower: float) -> Face:
    """The face as if its landmarks lay ``margin`` times as far from its middle and ``lower`` crop sides below: cutting
    by them shows that much more of the picture, and its lower part."""
    eyes = (face.right_eye + face.left_eye) / 2
    mouth = (face.point(MOUTH_RIGHT) + face.point(MOUTH_LEFT)) / 2
    middle = (eyes + mouth) / 2
    unit = float(np.hypot(*(mouth - eyes)) + np.hypot(*(face.left_eye - face.right_eye))) / 2
    # The crop's side is about 2.7 such units (FACE_UNIT of ml.faces.alignment), its own "down" the turn of the face.
    down = np.array([-np.sin(face.angle), np.cos(face.angle)]) * lower * unit * margin * 2.7
    landmarks = face.landmarks.copy()
    landmarks[:, :2] = middle + (landmarks[:, :2] - middle) * margin + down
    return replace(face, landmarks=landmarks)
