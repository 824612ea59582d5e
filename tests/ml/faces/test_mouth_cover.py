"""Whether something covers the mouth."""

import cv2
import numpy as np
import pytest

from ml.demo.portrait import Pose, frame
from ml.faces.face_pass import FacePass
from ml.faces.mouth_cover import COVERED, RecentCover, covered_spans
from ml.media.video import Frame
from tests.factories.mouth_covers import KINDS, covered

OPEN, SHUT = -5.0, 4.0
"""Log-odds of a mouth in view and of a covered one."""


def measured(*parts, step_s=0.2):
    """Measurements of consecutive parts (seconds, log-odds)."""
    odds = [value for seconds, value in parts for _ in range(round(seconds / step_s))]
    return [(round(i * step_s, 3), value) for i, value in enumerate(odds)]


@pytest.fixture(scope="module")
def log_odds():
    """The log-odds of the drawn portrait in a pose, with a cover or another change of its picture."""

    def of(kind=None, pose=None, change=lambda rgb: rgb) -> float:
        picture = frame(pose or Pose(), width=320, height=240)
        (seen,) = FacePass(tiled=False).observe(Frame(0.0, 0.1, picture))
        if kind is not None:
            picture = covered(picture, seen.face, kind)
        shown = Frame(0.0, 0.1, np.ascontiguousarray(change(picture)))
        faces = FacePass(tiled=False)
        (found,) = faces.observe(shown)
        log_odds = faces.sample(shown, found).mouth_cover
        assert log_odds is not None
        return log_odds

    return of


@pytest.mark.parametrize("kind", KINDS)
def test_a_cover_is_found(log_odds, kind):
    assert log_odds(kind) > COVERED


@pytest.mark.parametrize("mouth", [-1.0, -0.5, 0.0, 0.5, 1.0])
def test_a_mouth_in_view_is_not_covered_shut_or_open(log_odds, mouth):
    assert log_odds(pose=Pose(mouth=mouth)) < COVERED


@pytest.mark.parametrize(
    "change",
    [
        lambda rgb: (rgb * 0.5).astype(np.uint8),
        lambda rgb: np.asarray(cv2.GaussianBlur(rgb, (0, 0), 1.2), np.uint8),
        lambda rgb: np.repeat(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[..., np.newaxis], 3, axis=2),
    ],
    ids=["half the light", "soft", "grey"],
)
def test_nor_is_it_in_a_poor_picture(log_odds, change):
    assert log_odds(change=change) < COVERED


def test_a_cover_lasts_from_its_first_measurement_to_its_last():
    ((start_s, end_s),) = covered_spans(measured((3.0, OPEN), (4.0, SHUT), (3.0, OPEN)))
    assert (start_s, end_s) == (pytest.approx(3.0, abs=0.2), pytest.approx(7.0, abs=0.2))


def test_a_moment_is_no_cover():
    assert covered_spans(measured((3.0, OPEN), (0.6, SHUT), (3.0, OPEN))) == []
    assert covered_spans(measured((3.0, OPEN), (0.2, SHUT), (0.4, OPEN), (0.2, SHUT), (3.0, OPEN))) == []


def test_single_faces_that_look_otherwise_do_not_end_a_cover():
    ((start_s, end_s),) = covered_spans(measured((1.0, SHUT), (0.2, OPEN), (2.0, SHUT)))
    assert (start_s, end_s) == (0.0, pytest.approx(3.4))


def test_one_measurement_a_second_decides_nothing():
    assert covered_spans(measured((6.0, SHUT), step_s=1.0)) == []
    assert covered_spans([]) == []


def test_a_live_mouth_is_covered_from_the_middle_of_a_second_on_and_until_it_is_seen_again():
    cover = RecentCover()
    answers = [cover.update(at_s, odds) for at_s, odds in measured((1.0, OPEN), (2.0, SHUT), (1.4, OPEN))]
    assert answers[:7] == [False] * 7
    assert all(answers[8:16])
    assert not any(answers[18:])


def test_a_live_cover_is_kept_between_measurements_and_forgotten_with_the_face():
    cover = RecentCover()
    for at_s, odds in measured((1.0, SHUT)):
        cover.update(at_s, odds)
    assert cover.update(0.9, None)
    assert not cover.update(3.0, None)
