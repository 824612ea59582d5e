"""Frames of a browser: the header is checked before anything is decoded."""

import cv2
import numpy as np
import pytest

from ml.live import jpeg
from ml.live.jpeg import InvalidFrame, decode, size_of


def encoded(width: int, height: int, *options: int) -> bytes:
    picture = np.full((height, width, 3), (30, 60, 200), np.uint8)  # BGR
    return cv2.imencode(".jpg", picture, list(options))[1].tobytes()


@pytest.mark.parametrize("progressive", [0, 1])
def test_a_frame_is_rgb_of_its_size(progressive):
    data = encoded(320, 180, cv2.IMWRITE_JPEG_PROGRESSIVE, progressive)
    assert size_of(data) == (320, 180)
    rgb = decode(data)
    assert rgb.shape == (180, 320, 3)
    assert rgb[90, 160].tolist() == pytest.approx([200, 60, 30], abs=6)


@pytest.mark.parametrize(("width", "height"), [(1296, 64), (320, 48)])
def test_too_large_and_too_small_frames_are_refused_before_decoding(width, height, monkeypatch):
    data = encoded(width, height)
    monkeypatch.setattr(jpeg.cv2, "imdecode", lambda *_: pytest.fail("decoded"))
    with pytest.raises(InvalidFrame, match=f"{width} x {height} pixels"):
        decode(data)


@pytest.mark.parametrize("data", [b"", b"PNG", b"\xff\xd8", b"\xff\xd8" + b"\xff" * 40, encoded(320, 180)[:100]])
def test_what_has_no_complete_header_is_refused(data):
    with pytest.raises(InvalidFrame, match=r"not a (complete )?JPEG"):
        decode(data)


def test_a_header_without_a_picture_is_refused():
    data = encoded(320, 180)
    start = data.index(b"\xff\xc0")
    with pytest.raises(InvalidFrame, match="could not be decoded"):
        decode(data[: start + 30])
