"""Photos stand still, people do not."""

import cv2
import numpy as np
import pytest

from ml.demo.portrait import Pose, frame
from ml.faces.geometry import Region
from ml.faces.still_picture import StillPicture

PHOTO = cv2.cvtColor(frame(Pose(), width=320, height=240), cv2.COLOR_RGB2GRAY)
FACE = Region(160.0, 120.0, 160.0, 0.0)


def since(pictures, *, fps: float = 10.0) -> list[float | None]:
    still = StillPicture()
    found = []
    for i, picture in enumerate(pictures):
        if still.has_moved(picture, i / fps):
            still.restart(picture, FACE, i / fps)
        found.append(still.since_s)
    return found


def test_a_photo_is_still_since_its_first_picture_and_told_after_two_seconds():
    assert since([PHOTO] * 25) == [None] * 20 + [0.0] * 5


@pytest.mark.parametrize("deviation", [4, 12])
def test_noise_of_a_camera_is_no_motion(deviation):
    noise = np.random.default_rng(1)
    pictures = [np.clip(PHOTO + noise.normal(0, deviation, PHOTO.shape), 0, 255).astype(np.uint8) for _ in range(40)]
    assert since(pictures)[-1] == 0.0


@pytest.mark.parametrize("quality", [15, 40])
def test_noise_of_a_codec_is_no_motion(quality):
    def coded(i: int) -> np.ndarray:
        shown = PHOTO if i % 8 else cv2.GaussianBlur(PHOTO, (3, 3), 0)  # every eighth picture is coded anew
        return cv2.imdecode(cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE)

    assert since([coded(i) for i in range(40)])[-1] == 0.0


def test_light_that_changes_as_a_whole_is_no_motion():
    pictures = [np.clip(PHOTO.astype(int) - i, 0, 255).astype(np.uint8) for i in range(30)]
    assert since(pictures)[-1] == 0.0


@pytest.mark.parametrize("sway", [0.02, 0.04])
def test_a_person_who_sways_a_little_is_not_still(sway):
    pictures = [
        cv2.cvtColor(frame(Pose(x=sway * np.sin(i / 10)), width=320, height=240), cv2.COLOR_RGB2GRAY) for i in range(60)
    ]
    assert since(pictures) == [None] * 60


def test_a_picture_that_moves_again_is_live_and_may_freeze_again():
    moved = cv2.cvtColor(frame(Pose(x=0.1), width=320, height=240), cv2.COLOR_RGB2GRAY)
    found = since([PHOTO] * 30 + [moved] * 25)
    assert found[29] == 0.0
    assert found[30] is None
    assert found[-1] == 3.0


def test_a_photo_in_a_picture_that_changes_its_size_stays_still():
    still = StillPicture()
    still.restart(PHOTO, FACE, 0.0)
    still.resize(2.0, 2.0)
    assert not still.has_moved(cv2.resize(PHOTO, None, fx=2, fy=2), 2.0)
    assert still.since_s == 0.0
