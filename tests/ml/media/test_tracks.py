"""The encoded tracks keep colours, whatever the source's matrix, and say which one they have."""

from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace

from ml.media.tracks import VideoTrack, scaled

RGB = np.array([200, 60, 90])


def first_frame(path: Path) -> av.VideoFrame:
    with av.open(str(path)) as container:
        return next(container.decode(video=0))


def encoded(path: Path, frame: av.VideoFrame) -> av.VideoFrame:
    with av.open(str(path), "w") as output:
        track = VideoTrack(output, (160, 120))
        track.add(frame, 0.0)
        track.finish(end_s=1.0)
    return first_frame(path)


def picture() -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(np.full((120, 160, 3), RGB, np.uint8), format="rgb24")


@pytest.mark.parametrize("matrix", [None, Colorspace.ITU709])
def test_luma_is_that_of_the_matrix_that_the_track_declares(tmp_path, matrix):
    source = picture()
    if matrix is not None:
        source = source.reformat(format="yuv420p", dst_colorspace=matrix, dst_color_range=ColorRange.MPEG)
    made = encoded(tmp_path / "a.mp4", source)
    assert (made.colorspace, made.color_range) == (Colorspace.ITU709, ColorRange.MPEG)
    expected = 16 + 219 * float(RGB @ [0.2126, 0.7152, 0.0722]) / 255
    assert made.to_ndarray()[:120].mean() == pytest.approx(expected, abs=2)


@pytest.mark.parametrize(
    ("size", "long_side", "expected"),
    [((1920, 1080), 1280, (1280, 720)), ((1080, 1920), 1280, (720, 1280)), ((321, 181), 1280, (320, 180))],
)
def test_sizes_are_even_and_bounded(size, long_side, expected):
    assert scaled(size, long_side) == expected
