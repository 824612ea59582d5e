"""Cuts from a decoded picture's planes look as cuts from the same picture in RGB."""

import gc
import weakref
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest
from av.video.reformatter import Colorspace

from ml.demo.portrait import Pose, frame
from ml.faces.geometry import Region, warp
from ml.media.conversion import Converter
from ml.media.planes import Planes, coarse, gray_of, part, shrunk
from ml.media.video import Frame

MATRICES = {"BT.601": Colorspace.ITU601, "BT.709": Colorspace.ITU709}
TURN = {0: 0, 1: 90, 2: 180, 3: -90}


def decoded(name: str = "BT.601", *, width: int = 320, height: int = 240, pixel_format: str = "yuv420p"):
    """A portrait with strong colours, as a decoder gives it, with a matrix of this name."""
    rgb = frame(Pose(), width=width, height=height)
    rgb = cv2.convertScaleAbs(rgb * np.array([1.0, 0.75, 0.55]))
    shown = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
        format=pixel_format, src_colorspace=MATRICES[name], dst_colorspace=MATRICES[name]
    )
    shown.colorspace = MATRICES[name]
    return shown


def planes_of(shown: av.VideoFrame, rgb: np.ndarray, turns: int = 0) -> Planes:
    height, width = rgb.shape[:2]
    return Planes(shown, width, height, turns)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuvj420p"])
def test_colours_are_those_of_the_stream_s_own_matrix_and_range(name, pixel_format):
    shown = decoded(name, pixel_format=pixel_format)
    rgb = Converter()(shown)
    planes = planes_of(shown, rgb)
    bias = planes.rgb().astype(int).mean(axis=(0, 1)) - rgb.mean(axis=(0, 1))
    assert np.abs(bias).max() < 2  # the other matrix is off by 5 and more
    assert difference(planes.rgb(), rgb) < 2.5


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("aspect", [Fraction(1), Fraction(4, 3)])
@pytest.mark.parametrize("size", [(320, 240), (1440, 1080)])
def test_cuts_are_in_the_coordinates_of_the_upright_picture(turns, aspect, size, monkeypatch):
    shown = decoded(width=size[0], height=size[1])
    monkeypatch.setattr("ml.media.conversion.quarter_turns_of", lambda frame: turns)
    rgb = Converter(aspect)(shown)
    planes = planes_of(shown, rgb, turns)
    height, width = rgb.shape[:2]
    region = Region(0.45 * width, 0.4 * height, 0.5 * min(width, height), 0.2)
    assert difference(region.cut(planes, 64), region.cut(rgb, 64)) < 4
    assert difference(region.cut(planes.gray, 48), region.cut(gray_of(rgb), 48)) < 4
    assert difference(shrunk(planes, (96, 72)), shrunk(rgb, (96, 72))) < 4
    assert difference(part(planes, 20, 30, 50, 60), part(rgb, 20, 30, 50, 60)) < 5
    assert difference(coarse(planes, 4), coarse(rgb, 4)) < 5


def test_the_edge_is_repeated_outside_the_picture():
    shown = decoded()
    planes = planes_of(shown, Converter()(shown))
    outside = warp(planes, np.array([[1.0, 0, -20], [0, 1, 0]]), width=24, height=24)
    assert (outside[:, :20] == outside[:, 20:21]).all()


@pytest.mark.parametrize("turns", [0, 1])
def test_a_large_frame_is_given_in_planes_as_it_would_be_in_rgb(turns, monkeypatch):
    monkeypatch.setattr("ml.media.conversion.quarter_turns_of", lambda frame: turns)
    shown, convert = decoded(width=1440, height=1080), Converter()
    picture = convert.picture(shown)
    assert isinstance(picture, Planes)
    assert picture.shape == convert(shown).shape
    assert difference(Frame(0.0, 0.1, picture).rgb, convert(shown)) < 4


@pytest.mark.parametrize("given", [{}, {"width": 1440, "height": 1080, "pixel_format": "yuv444p"}])
def test_small_frames_and_other_pixel_formats_are_converted_as_a_whole(given):
    assert isinstance(Converter().picture(decoded(**given)), np.ndarray)


def test_the_decoder_s_buffers_are_free_as_soon_as_the_picture_is_no_longer_used():
    shown = decoded()
    planes = planes_of(shown, Converter()(shown))
    Region(160, 120, 100, 0.0).cut(planes.gray, 16)
    gone = weakref.ref(planes)
    gc.disable()
    try:
        del planes
        assert gone() is None
    finally:
        gc.enable()


def test_a_large_array_is_shrunk_to_means_of_areas():
    rgb = frame(Pose(), width=640, height=360)
    exact = cv2.resize(rgb, (96, 54), interpolation=cv2.INTER_AREA)
    assert np.abs(shrunk(rgb, (96, 54)).astype(int) - exact).max() <= 6
    assert difference(shrunk(rgb, (96, 54)), exact) < 1
