"""Eye strips for training and measuring: cut from FER2013's faces, and cut by others from public pictures.

FER2013 has its own splits. The other set comes as ``eye_strips/<emotion>/*.jpg`` with ``eye_strips/index.csv``
(columns ``file``, ``emotion``, ``method``: ``eyes`` where an eye pair was detected, otherwise placed by geometry); the
file's name carries the person.
"""

import csv
import hashlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from ml.eye_emotion.labels import EMOTIONS, FROM_FER2013, LABELS, NONE
from ml.eye_emotion.preprocessing import HEIGHT, WIDTH, to_inputs
from ml.training.datasets import fer2013
from ml.training.errors import TrainingError
from ml.training.loop import Batch
from ml.training.metrics import Floats

INDEX: Final = "eye_strips/index.csv"
TEST_SHARE: Final = 0.35
"""Share of the persons of the other set who are kept for the test."""

Pixels = npt.NDArray[np.uint8]
"""Grey strips (n, 40, 96), one strip (40, 96), or other pictures."""
Ints = npt.NDArray[np.int64]

# Hand-cut strips are about twice as wide as high, their eyes just below the middle: at the width of ours, this many
# rows off the top bring the eyes to the line on which eye_strip puts them.
_HAND_CUT_EYE_LINE: Final = 0.54
_STRIP_EYE_LINE: Final = 25.0


@dataclass(frozen=True)
class StripSet:
    """Strips uint8 (n, 40, 96), class indices (n,), and how many pictures are ``left_out`` because no landmarks were
    found.

    ``faces`` (n,) are the pictures of the split from which the strips were cut; empty for hand-cut strips.
    """

    strips: Pixels
    truth: Ints
    left_out: int = 0
    faces: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __add__(self, other: "StripSet") -> "StripSet":
        return StripSet(
            np.concatenate([self.strips, other.strips]),
            np.concatenate([self.truth, other.truth]),
            self.left_out + other.left_out,
        )

    def chosen(self, which: npt.NDArray[Any]) -> "StripSet":
        """The strips that ``which`` (n,) selects, a mask or indices."""
        faces = self.faces[which] if len(self.faces) else self.faces
        return StripSet(self.strips[which], self.truth[which], self.left_out, faces)

    @property
    def shows_emotion(self) -> npt.NDArray[np.bool_]:
        """(n,)"""
        return np.asarray(self.truth != LABELS.index(NONE))


def fer2013_strips(data: Path, split: str, cache: Path) -> StripSet:
    """Strips of FER2013's faces of one split, cut once and kept in the folder ``cache``."""
    path = cache / f"fer2013-{split}-strips-of-all.npz"
    if path.is_file():
        with np.load(path) as arrays:
            return StripSet(arrays["strips"], arrays["truth"], int(arrays["left_out"]), arrays["faces"])
    faces = fer2013.load(data, split)
    found = _cut(faces.images, f"strips of FER2013 {split}")
    kept = np.array([i for i, strip in enumerate(found) if strip is not None], dtype=np.int64)
    result = StripSet(
        np.stack([strip for strip in found if strip is not None]),
        np.array([FROM_FER2013[int(label)] for label in faces.truth[kept]], dtype=np.int64),
        len(found) - len(kept),
        kept,
    )
    cache.mkdir(parents=True, exist_ok=True)
    np.savez(path, strips=result.strips, truth=result.truth, left_out=result.left_out, faces=result.faces)
    return result


def _cut(images: Pixels, title: str) -> list[Pixels | None]:
    from ml.faces.alignment import eye_strip
    from ml.faces.landmarks import MIN_PRESENCE, FaceMesh, landmarks_from_crop

    mesh = FaceMesh()
    strips: list[Pixels | None] = []
    for image in tqdm(images, desc=title, disable=not sys.stderr.isatty()):
        picture, face = landmarks_from_crop(mesh, image)
        strips.append(eye_strip(picture, face) if face.presence >= MIN_PRESENCE else None)
    return strips


def person_of(file: str) -> str:
    """The person a file name carries: ``Al_Gore_0002.jpg`` gives ``Al_Gore``."""
    return re.sub(r"_\d+$", "", Path(file).stem)


def is_test_person(person: str) -> bool:
    """Whether all strips of this person belong to the test; follows from the name alone, the same on every machine."""
    digest = hashlib.sha256(person.encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32 < TEST_SHARE


def person_strips(data: Path, *, test: bool) -> StripSet:
    """Strips of the other set: of the test persons (those whose eyes were detected only), or of all others."""
    index = data / INDEX
    if not index.is_file():
        raise TrainingError(f"{index} does not exist: --data must name the folder that holds eye_strips/.")
    with index.open(newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["emotion"] in EMOTIONS]
    rows = [row for row in rows if is_test_person(person_of(row["file"])) == test]
    if test:
        rows = [row for row in rows if row["method"] == "eyes"]
    strips = []
    for row in rows:
        path = index.parent / row["emotion"] / row["file"]
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if picture is None:
            raise TrainingError(f"{path} cannot be read as a picture.")
        strips.append(fit_hand_cut(np.asarray(picture, dtype=np.uint8)))
    if not strips:
        raise TrainingError(f"{index} lists no usable strips.")
    return StripSet(np.stack(strips), np.array([EMOTIONS.index(row["emotion"]) for row in rows], dtype=np.int64))


def fit_hand_cut(picture: Pixels) -> Pixels:
    """A grey strip of any size, cut by others, brought to uint8 (40, 96) with the eyes where ours have them."""
    height, width = picture.shape
    scale = WIDTH / width
    top = _HAND_CUT_EYE_LINE * height * scale - _STRIP_EYE_LINE
    matrix = np.array([[1 / scale, 0.0, 0.0], [0.0, 1 / scale, top / scale]])
    # INTER_AREA does not exist for warps: shrinking goes through a resized picture instead.
    if scale < 1:
        picture = np.asarray(cv2.resize(picture, (WIDTH, round(height * scale)), interpolation=cv2.INTER_AREA))
        matrix = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, top]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cut = cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, dtype=np.uint8)


def class_weights(truth: Ints, power: float) -> npt.NDArray[np.float64]:
    """A weight per class, proportional to frequency to the minus ``power`` and 1 on average over the samples.

    Power 0 leaves the classes as frequent as they are, 1 makes each count the same.
    """
    counts = np.maximum(np.bincount(truth, minlength=len(LABELS)), 1).astype(float)
    weights = counts**-power
    return np.asarray(weights / (weights[truth].mean()))


Augment = Callable[[Pixels, np.random.Generator], Pixels]


class StripBatches:
    """Shuffled, augmented training batches with class weights; the same for the same seed and epoch. ``targets``
    (n, 7) are distributions."""

    def __init__(
        self,
        strips: StripSet,
        targets: Floats,
        *,
        augment: Augment,
        batch_size: int,
        seed: int,
        weight_power: float,
    ) -> None:
        self._set, self._targets = strips, targets
        self._augment = augment
        self._batch_size = batch_size
        self._seed = seed
        self._weights = class_weights(strips.truth, weight_power)
        self.steps = -(-len(strips.truth) // batch_size)

    def epoch(self, number: int) -> Iterator[Batch]:
        random = np.random.default_rng([self._seed, number])
        order: npt.NDArray[Any] = random.permutation(len(self._set.truth))
        for first in range(0, len(order), self._batch_size):
            chosen = order[first : first + self._batch_size]
            strips = np.stack([self._augment(self._set.strips[i], random) for i in chosen])
            yield to_inputs(strips), self._targets[chosen], self._weights[self._set.truth[chosen]]
