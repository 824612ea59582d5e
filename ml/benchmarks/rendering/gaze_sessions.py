"""Rendered sessions with ground truth: nine calibration targets, then an interview of looks at all areas, with blinks.

Steady sessions, for flicker and latency, consist of steady looks at borders and of looks aside.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from ml.benchmarks.rendering.eyeballs import EyeKind, EyePair, Look
from ml.benchmarks.rendering.gaze_conditions import Camera, Condition, Glasses
from ml.benchmarks.rendering.heads import Head, Turn
from ml.benchmarks.rendering.portraits import Portrait
from ml.eye_gaze.labels import COLUMNS, LABELS
from ml.eye_gaze.parameters import Pair
from ml.faces.geometry import Picture

FPS: Final = 10
DOT_FRAMES: Final = 6
"""Frames of each calibration target. The calibration of a live room collects five to twelve samples of each."""
DOT_ROUNDS: Final = 2
"""Looks at each area in the interview."""
LOOK_FRAMES: Final = 3
"""Frames of each look."""
BACK_FRAMES: Final = 2
"""Frames of the look at the middle before each look. They make the middle the session's median and are not scored."""
BLINK: Final = (0.6, 1.0)
"""Lid closure in the frames of a blink, 0 open to 1 closed."""
TREMOR_DEG: Final = 0.4
"""Standard deviation of the gaze from frame to frame of one look."""
MISS_DEG: Final = 1.5
"""Standard deviation between the target of a look and the gaze."""
STEADY_FRAMES: Final = 20
"""Frames of each steady look at a border."""
STRAIGHT_FRAMES: Final = 7
"""Frames of each look straight ahead before a look aside, in a steady session."""
ASIDE_FRAMES: Final = 8
"""Frames of each look aside in a steady session."""

SKINS: Final = ((1.0, 1.0, 1.0), (0.78, 0.68, 0.6), (0.5, 0.4, 0.33), (0.92, 0.86, 0.8))
IRISES: Final = ((92.0, 64.0, 42.0), (58.0, 38.0, 26.0), (96.0, 116.0, 132.0), (98.0, 106.0, 70.0))


@dataclass(frozen=True)
class Identity:
    """A portrait with other skin and other eyes."""

    name: str
    portrait: Portrait
    eyes: EyeKind
    skin: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class RenderedFrame:
    """One frame with its ground truth. ``part``: dot (calibration target), back (unscored), look, steady, straight,
    aside or blink."""

    picture: Picture
    part: str
    target: str
    fixation: int
    look: Look


def identities(portraits: Sequence[Portrait], *, count: int, seed: int) -> list[Identity]:
    """``count`` people from the portraits, then from their mirror images, with eyes and skin drawn at random."""
    faces = [*portraits, *(p.mirrored() for p in portraits)]
    found = []
    for i in range(count):
        rng = np.random.default_rng([seed, i])
        eyes = EyeKind(
            iris=IRISES[int(rng.integers(len(IRISES)))],
            pupil_mm=float(rng.uniform(1.4, 2.6)),
            depth_mm=float(rng.uniform(4.0, 6.0)),
            outward_mm=float(rng.uniform(0.2, 1.0)),
            upward_mm=float(rng.uniform(0.8, 1.8)),
            kappa_deg=float(rng.uniform(1.0, 5.0)),
            lid_follow=float(rng.uniform(0.55, 0.8)),
            opening=float(rng.uniform(0.85, 1.12)),
        )
        # From pictures of one person the tones go round; a second person brings their own.
        skin = SKINS[i // 2 % len(SKINS)] if len(portraits) == 1 else (1.0, 1.0, 1.0)
        face = faces[i % len(faces)]
        found.append(Identity(f"{face.name} {i + 1}", replace(face, picture=_tinted(face, skin, rng)), eyes, skin))
    return found


def session(identity: Identity, condition: Condition, *, seed: int) -> Iterator[RenderedFrame]:
    """The frames of one person under one condition, at :data:`FPS`."""
    rng = np.random.default_rng(seed)
    head, eyes = Head(identity.portrait), EyePair(identity.portrait, identity.eyes)
    glasses = Glasses.drawn(rng) if condition.glasses else None
    camera = Camera(rng, dim=condition.dim)

    def frames(
        part: str, target: str, fixation: int, centre: Pair, turn: Turn, closed: Sequence[float]
    ) -> Iterator[RenderedFrame]:
        field = head.field(turn)
        face = head.show(identity.portrait.picture, field, turn.eye_px)
        for c in closed:
            left, up = rng.normal(centre, TREMOR_DEG)
            look = Look(float(left), float(up), c)
            frame = face.copy()
            eyes.paint(frame, turn, look)
            if glasses is not None:
                glasses.put_on(frame, turn, rng)
            yield RenderedFrame(camera.take(frame), part, target, fixation, look)

    number = 0
    still = condition.still(rng)
    for target in LABELS:
        number += 1
        turn = replace(still, yaw_deg=float(rng.uniform(-2, 2)), pitch_deg=float(rng.uniform(-1.5, 1.5)))
        yield from frames("dot", target, number, _asked(target, condition, rng), turn, [0.0] * DOT_FRAMES)
    order = [target for _ in range(DOT_ROUNDS) for target in rng.permutation(LABELS)]
    for i, target in enumerate(order):
        for part, area, closed in (
            ("back", "center", [0.0] * BACK_FRAMES),
            *([("blink", "center", list(BLINK))] if i % 2 else []),
            ("look", str(target), [0.0] * LOOK_FRAMES),
        ):
            number += 1
            turn = condition.turn(rng, gone=i / (len(order) - 1))
            yield from frames(part, area, number, _asked(area, condition, rng), turn, closed)


def steady_session(identity: Identity, condition: Condition, *, seed: int) -> Iterator[RenderedFrame]:
    """The frames of a session that measures flicker and latency: the calibration targets, looks at the middle, steady
    looks on and near the borders of the middle area, then looks aside from the middle."""
    every = list(session(identity, condition, seed=seed))
    yield from (frame for frame in every if frame.part in ("dot", "back"))
    rng = np.random.default_rng([seed, 1])
    head, eyes = Head(identity.portrait), EyePair(identity.portrait, identity.eyes)
    camera = Camera(rng, dim=condition.dim)

    def frames(part: str, target: str, fixation: int, centre: Pair, turn: Turn, count: int) -> Iterator[RenderedFrame]:
        face = head.show(identity.portrait.picture, head.field(turn), turn.eye_px)
        for _ in range(count):
            left, up = rng.normal(centre, TREMOR_DEG)
            look = Look(float(left), float(up))
            frame = face.copy()
            eyes.paint(frame, turn, look)
            yield RenderedFrame(camera.take(frame), part, target, fixation, look)

    number = 1000
    horizontal, vertical = (dot / 2 for dot in condition.dots_deg)
    sides = [(horizontal, 0), (-horizontal, 0), (0, vertical), (0, -vertical)]
    corners = [(0.8 * x * horizontal, 0.8 * y * vertical) for x in (1, -1) for y in (1, -1)]
    for place in (*sides, *corners):
        number += 1
        yield from frames("steady", "", number, place, condition.still(rng), STEADY_FRAMES)
    for target in rng.permutation([label for label in LABELS if label != "center"]):
        # One head for both, so that the eyes alone change; from look to look another.
        turn = condition.still(rng)
        for part, area, count in (("straight", "center", STRAIGHT_FRAMES), ("aside", str(target), ASIDE_FRAMES)):
            number += 1
            yield from frames(part, area, number, _asked(area, condition, rng), turn, count)


def place_deg(target: str, dots_deg: Pair) -> Pair:
    """Direction of the middle of an area in degrees: to the candidate's left, and up."""
    row, column = divmod(LABELS.index(target), len(COLUMNS))
    return (1 - column) * dots_deg[0], (1 - row) * dots_deg[1]


def _asked(target: str, condition: Condition, rng: np.random.Generator) -> Pair:
    left, up = rng.normal(place_deg(target, condition.dots_deg), MISS_DEG)
    return float(left), float(up)


def _tinted(portrait: Portrait, skin: tuple[float, float, float], rng: np.random.Generator) -> Picture:
    """The face's skin in another tone, and the whole picture in another light."""
    hull = cv2.convexHull(portrait.points[:, :2].astype(np.float32)).astype(np.int32)
    mask = np.zeros(portrait.picture.shape[:2], np.uint8)
    cv2.fillPoly(mask, [hull], 255)
    soft = cv2.GaussianBlur(mask, (0, 0), 14).astype(np.float32)[..., np.newaxis] / 255
    light = np.array(rng.uniform(0.85, 1.05, 3), np.float32)
    tint = 1 + soft * (np.array(skin, np.float32) - 1)
    return np.asarray(np.clip(portrait.picture * tint * light, 0, 255), np.uint8)
