"""Frames of a browser: the header is checked before anything is decoded."""

from contextlib import suppress

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.live import jpeg
from ml.live.jpeg import Header, InvalidFrame, decode, header_of
from tests.factories.hostile_media import hide_size


def encoded(width: int, height: int, *options: int) -> bytes:
    picture = np.full((height, width, 3), (30, 60, 200), np.uint8)  # BGR
    return cv2.imencode(".jpg", picture, list(options))[1].tobytes()


FRAME = encoded(320, 180)
PROGRESSIVE = encoded(320, 180, cv2.IMWRITE_JPEG_PROGRESSIVE, 1)


@pytest.mark.parametrize("data", [FRAME, PROGRESSIVE])
def test_a_frame_is_rgb_of_its_size(data):
    assert header_of(data) == Header(320, 180, 3)
    rgb = decode(data)
    assert rgb.shape == (180, 320, 3)
    assert rgb[90, 160].tolist() == pytest.approx([200, 60, 30], abs=6)


def test_a_grey_frame_is_read_as_colour():
    grey = cv2.imencode(".jpg", np.full((180, 320), 90, np.uint8))[1].tobytes()
    assert header_of(grey).components == 1
    assert decode(grey).shape == (180, 320, 3)


@pytest.fixture
def undecoded(monkeypatch):
    monkeypatch.setattr(jpeg.cv2, "imdecode", lambda *_: pytest.fail("decoded"))


@pytest.mark.parametrize(("width", "height"), [(1296, 64), (320, 48)])
def test_too_large_and_too_small_frames_are_refused_before_decoding(width, height, undecoded):
    with pytest.raises(InvalidFrame, match=f"{width} x {height} pixels"):
        decode(encoded(width, height))


@pytest.mark.parametrize(
    "data",
    [b"", b"PNG", b"\xff\xd8", b"\xff\xd8" + b"\xff" * 40, FRAME[:100], b"\xff\xd8\xff\xe0\x00\x00" + FRAME[2:]],
)
def test_what_has_no_complete_header_is_refused(data):
    with pytest.raises(InvalidFrame, match=r"not a (complete )?JPEG"):
        decode(data)


def test_a_header_without_a_picture_is_refused():
    with pytest.raises(InvalidFrame, match="not a complete JPEG"):
        decode(FRAME[: FRAME.index(b"\xff\xc0") + 30])


class TestHostileFrames:
    @pytest.mark.parametrize("marker", [0xC1, 0xC3, 0xC5, 0xC7, 0xC9, 0xCB, 0xCD, 0xCF])
    def test_other_kinds_of_frames_are_refused(self, marker, undecoded):
        data = hide_size((16_000, 16_000), (640, 480), marker=marker)
        assert len(data) < 150
        with pytest.raises(InvalidFrame, match="kind of JPEG"):
            decode(data)

    def test_the_size_behind_the_scan_does_not_count(self, undecoded):
        with pytest.raises(InvalidFrame, match="16000 x 16000 pixels"):
            decode(hide_size((16_000, 16_000), (640, 480), marker=0xC0))

    def test_two_frame_headers_are_refused(self, undecoded):
        at = FRAME.index(b"\xff\xc0")
        header = FRAME[at : at + 2 + int.from_bytes(FRAME[at + 2 : at + 4], "big")]
        with pytest.raises(InvalidFrame, match="kind of JPEG"):
            decode(FRAME[:at] + header + FRAME[at:])

    def test_a_frame_of_many_scans_is_refused(self, undecoded):
        at = PROGRESSIVE.index(b"\xff\xda")
        with pytest.raises(InvalidFrame, match="more scans"):
            decode(PROGRESSIVE[:at] + PROGRESSIVE[at : at + 12] * 40 + PROGRESSIVE[at:])

    def test_a_picture_of_another_size_than_its_header_says_is_refused(self, monkeypatch):
        monkeypatch.setattr(jpeg.cv2, "imdecode", lambda *_: np.zeros((16_000, 16, 3), np.uint8))
        with pytest.raises(InvalidFrame, match="could not be decoded"):
            decode(FRAME)

    @given(at=st.integers(0, len(FRAME) - 1), value=st.integers(0, 255), cut=st.integers(0, len(FRAME)))
    def test_a_changed_or_cut_frame_decodes_to_its_header_or_is_refused(self, at, value, cut):
        data = (FRAME[:at] + bytes([value]) + FRAME[at + 1 :])[: len(FRAME) - cut % 200]
        with suppress(InvalidFrame):
            assert decode(data).shape == (header_of(data).height, header_of(data).width, 3)
