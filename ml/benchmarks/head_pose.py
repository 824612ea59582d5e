"""Robustness of the networks for face and eyes to head pose: test faces turned in three dimensions, and sheared.

Faces of FER2013's PublicTest that look into the camera are turned by known angles, landmarked again by the face mesh,
cut as in serving, and classified by the shipped networks. The metric is the accuracy relative to the same faces
unturned, among those that are landmarked again. :data:`ml.faces.head_pose.READABLE` holds the limits that follow. The
side of a face that a picture does not show stays hidden, so that a turned face is smoother here than in reality: the
limits depend on the pictures as well as on the networks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from ml.benchmarks.rendering.heads import HEIGHT, WIDTH, Head, Turn
from ml.benchmarks.rendering.portraits import portrait_of
from ml.eye_emotion.labels import FROM_FER2013
from ml.eye_emotion.recognizer import Recognizer as EyeRecognizer
from ml.faces.alignment import eye_strip, face_crop
from ml.faces.geometry import Picture, Region
from ml.faces.head_pose import head_pose
from ml.faces.landmarks import MIN_PRESENCE, FaceMesh, landmarks_from_crop, region_of
from ml.facial_expression.recognizer import Recognizer
from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION
from ml.training.datasets.fer2013 import load
from ml.training.metrics import wilson_interval

FACES: Final = 250
SEED: Final = 11
EYE_PX: Final = 56.0
"""Interocular distance of the rendered faces in pixels."""
TURNS: Final = {
    "frontal": Turn(eye_px=EYE_PX),
    **{f"yaw {a}": Turn(yaw_deg=a, eye_px=EYE_PX) for a in (15, 25, 35, 45, 55)},
    **{f"pitch up {a}": Turn(pitch_deg=a, eye_px=EYE_PX) for a in (10, 20, 30)},
    **{f"pitch down {a}": Turn(pitch_deg=-a, eye_px=EYE_PX) for a in (10, 20, 30)},
    **{f"roll {a}": Turn(roll_deg=a, eye_px=EYE_PX) for a in (20, 40)},
}
SHEARS: Final = (0.15, 0.3, 0.45)


@dataclass(frozen=True)
class TurnedFace:
    """The result for one turned face: yaw, pitch and roll as measured by the mesh (``None``: the mesh lost the face),
    and whether each network was right (eyes ``None``: the mesh lost the face, or the eyes have no such label)."""

    measured_deg: tuple[float, float, float] | None
    face_right: bool
    eyes_right: bool | None


def measure(
    data: Path, *, faces: int = FACES, progress: Callable[[int, int], None] = lambda done, of: None
) -> dict[str, Any]:
    """Accuracy by turn and by shear on so many faces, as ``benchmark_head_pose --json`` writes it.

    Raises :class:`ml.training.errors.TrainingError` without the data and :class:`ml.artifacts.ModelUnavailable`.
    """
    split = load(data, "public")
    rng = np.random.default_rng(SEED)
    mesh, networks = FaceMesh(), (Recognizer(), EyeRecognizer())
    found: dict[str, list[TurnedFace]] = {name: [] for name in (*TURNS, *(f"shear {s}" for s in SHEARS))}
    used = 0
    for index in rng.permutation(len(split.truth)):
        if used == faces:
            break
        large, face = landmarks_from_crop(mesh, split.images[index])
        rgb = np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2RGB), np.uint8)
        portrait = portrait_of(str(index), rgb, face) if face.presence >= MIN_PRESENCE else None
        if portrait is None:
            continue
        used += 1
        progress(used, faces)
        head, truth = Head(portrait), int(split.truth[index])
        side = -1.0 if used % 2 else 1.0  # half of the faces to either side
        for name, turn in TURNS.items():
            turned = Turn(turn.yaw_deg * side, turn.pitch_deg, turn.roll_deg * side, turn.eye_px)
            frame = head.show(portrait.picture, head.field(turned), EYE_PX)
            found[name].append(_recognize(frame, mesh, networks, truth))
        frontal = head.show(portrait.picture, head.field(TURNS["frontal"]), EYE_PX)
        for shear in SHEARS:
            matrix = np.array([[1.0, shear * side, -shear * side * 0.45 * HEIGHT], [0.0, 1.0, 0.0]])
            slanted = cv2.warpAffine(frontal, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
            found[f"shear {shear}"].append(_recognize(np.asarray(slanted, np.uint8), mesh, networks, truth))
    return {
        "faces": used,
        "split": "public",
        "seed": SEED,
        "models": {
            FACIAL_EXPRESSION: networks[0].artifact.manifest.version,
            EYE_EMOTION: networks[1].artifact.manifest.version,
        },
        "turns": {name: _row(turned, found["frontal"]) for name, turned in found.items()},
    }


def _recognize(frame: Picture, mesh: FaceMesh, networks: tuple[Recognizer, EyeRecognizer], truth: int) -> TurnedFace:
    face = mesh.landmark(frame, Region(WIDTH / 2, HEIGHT / 2, EYE_PX * 4.6, 0.0))
    if face.presence >= MIN_PRESENCE:
        face = mesh.landmark(frame, region_of(face))
    if face.presence < MIN_PRESENCE:
        return TurnedFace(None, False, None)
    pose = head_pose(face)
    gray = np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8)
    expression = networks[0].recognize(face_crop(gray, face))
    eyes = networks[1].recognize(eye_strip(gray, face)) if truth in FROM_FER2013 else None
    return TurnedFace(
        (pose.yaw_deg, pose.pitch_deg, pose.roll_deg),
        int(expression.argmax()) == truth,
        None if eyes is None else int(eyes.argmax()) == FROM_FER2013[truth],
    )


def _row(turned: Sequence[TurnedFace], frontal: Sequence[TurnedFace]) -> dict[str, Any]:
    pairs = [(face, straight) for face, straight in zip(turned, frontal, strict=True) if face.measured_deg]
    poses = np.array([np.abs(face.measured_deg) for face, _ in pairs if face.measured_deg]).reshape(-1, 3)
    eyes = [(face.eyes_right, straight.eyes_right) for face, straight in pairs if face.eyes_right is not None]
    return {
        "measured_deg": dict(zip(("yaw", "pitch", "roll"), np.median(poses, axis=0).round(1).tolist(), strict=True))
        if len(poses)
        else None,
        "lost": len(turned) - len(poses),
        FACIAL_EXPRESSION: _accuracy([(face.face_right, straight.face_right) for face, straight in pairs]),
        EYE_EMOTION: _accuracy([(right, bool(straight)) for right, straight in eyes]),
    }


def _accuracy(pairs: Sequence[tuple[bool, bool]]) -> dict[str, Any]:
    """``accuracy`` of the turned faces and the share that it is of the frontal accuracy (``kept``), from pairs (right
    when turned, right when frontal)."""
    hits, frontal, n = sum(turned for turned, _ in pairs), sum(straight for _, straight in pairs), len(pairs)
    return {
        "accuracy": round(hits / max(1, n), 4),
        "interval": [round(bound, 4) for bound in wilson_interval(hits, n)],
        "n": n,
        "kept": round(hits / max(1, frontal), 4),
    }
