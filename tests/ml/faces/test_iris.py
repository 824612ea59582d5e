"""Lids and iris."""

import numpy as np
import pytest

from ml.demo.portrait import Pose, frame
from ml.faces import iris
from ml.faces.iris import EyeCut, IrisNetwork, cut_eyes


@pytest.fixture(scope="module")
def eyes_of(face_of):
    network = IrisNetwork()

    def locate(pose: Pose):
        picture = frame(pose, width=640, height=480)
        return tuple(network.locate(cut) for cut in cut_eyes(picture, face_of(picture)))

    return locate


def test_corners_and_iris_lie_in_order_across_the_face(eyes_of):
    right, left = eyes_of(Pose())
    across = [right.outer, right.iris, right.inner, left.inner, left.iris, left.outer]
    assert list(np.argsort([point[0] for point in across])) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("gaze", [-1.0, 1.0])
def test_both_irises_go_where_the_candidate_looks(eyes_of, gaze):
    straight, aside = eyes_of(Pose()), eyes_of(Pose(gaze=gaze))
    for before, after in zip(straight, aside, strict=True):
        moved = ((after.iris - after.middle) - (before.iris - before.middle))[0] / before.width
        assert moved * gaze > 0.04  # the candidate's left is on the right of the picture


def test_closed_lids_are_seen(eyes_of):
    shown, shut = (np.mean([eye.openness for eye in eyes_of(Pose(closed=c))]) for c in (0.0, 1.0))
    assert shown > 0.25
    assert shut < 0.5 * shown


def test_noise_of_the_picture_moves_the_iris_less_with_the_filter(face_of, monkeypatch):
    picture = frame(Pose(), width=640, height=480)
    network, rng = IrisNetwork(), np.random.default_rng(0)
    noisy = [
        [EyeCut(np.clip(cut.picture + noise, 0, 255).astype(np.uint8), cut.region, cut.mirrored) for noise in noises]
        for cut in cut_eyes(picture, face_of(picture))
        for noises in [rng.normal(0, 6, (24, *cut.picture.shape))]
    ]

    def spread() -> float:
        located = [[network.locate(cut) for cut in of_eye] for of_eye in noisy]
        return sum(float(np.std([(eye.iris - eye.middle)[1] for eye in of_eye])) for of_eye in located)

    filtered = spread()
    monkeypatch.setattr(iris, "SMOOTHING_PX", 1e-3)
    assert filtered < 0.9 * spread()
