"""Pictures come out upright, undistorted and progressive, in standard dynamic range."""

from fractions import Fraction

import numpy as np
import pytest

from ml.media.notes import media_notes
from ml.media.probe import probe
from ml.media.tone_mapping import tone_mapped
from ml.media.video import frames
from tests.factories.odd_media import encoded

RED = (200, 30, 30)


def disc(width: int, height: int, *, across: float, down: float) -> np.ndarray:
    """A red ellipse in the middle of a grey picture, with these half axes."""
    y, x = np.mgrid[:height, :width]
    inside = ((x - width / 2) / across) ** 2 + ((y - height / 2) / down) ** 2 < 1
    return np.where(inside[:, :, np.newaxis], RED, (90, 90, 90)).astype(np.uint8)


def sides_of_red(rgb: np.ndarray) -> tuple[int, int]:
    red = (rgb[:, :, 0].astype(int) - rgb[:, :, 1]) > 80
    return int(red.any(axis=0).sum()), int(red.any(axis=1).sum())


@pytest.mark.parametrize(
    ("aspect", "shown"), [(Fraction(4, 3), (320, 180)), (Fraction(64, 45), (342, 180)), (Fraction(3, 4), (180, 180))]
)
def test_pixels_that_are_not_square_are_corrected(tmp_path, aspect, shown):
    images = [disc(240, 180, across=60 / aspect, down=60)] * 5
    path = encoded(tmp_path / "squeezed.mp4", images, pixel_aspect=aspect)
    info = probe(path)
    assert (info.width, info.height) == pytest.approx(shown, abs=1)
    frame = next(frames(path, info, fps=10))
    assert frame.rgb.shape[:2] == (info.height, info.width)
    assert sides_of_red(frame.rgb) == pytest.approx((120, 120), abs=4)


def test_an_absurd_pixel_aspect_is_ignored(tmp_path):
    path = encoded(tmp_path / "absurd.mp4", [disc(160, 120, across=30, down=30)] * 3, pixel_aspect=Fraction(20, 1))
    assert (probe(path).width, probe(path).height) == (160, 120)


def test_fields_of_interlaced_frames_are_separated(tmp_path):
    images = []
    for number in range(20):
        grey = np.repeat(disc(320, 240, across=40, down=60)[:, :, :1], 3, axis=2)
        first, second = (np.roll(grey, step, axis=1) for step in (12 * number, 12 * number + 6))
        woven = first.copy()
        woven[1::2] = second[1::2]
        images.append(woven)
    path = encoded(tmp_path / "interlaced.mkv", images, interlaced=True)
    info = probe(path)
    assert info.video is not None
    assert info.video.interlaced
    found = list(frames(path, info, fps=25))
    assert [frame.start_s for frame in found] == pytest.approx([number / 25 for number in range(20)], abs=0.005)

    def combing(rgb: np.ndarray) -> float:
        grey = rgb.mean(axis=2)
        return float(np.abs(grey[1:-1] - (grey[:-2] + grey[2:]) / 2).mean())

    assert combing(found[10].rgb) < 0.4 * combing(images[10])


def test_progressive_frames_are_left_as_they_are(tmp_path):
    path = encoded(tmp_path / "progressive.mkv", [disc(320, 240, across=40, down=60)] * 5)
    assert not probe(path).video.interlaced


@pytest.mark.parametrize(("number", "name"), [(16, "pq"), (18, "hlg")])
def test_high_dynamic_range_is_converted_and_told(tmp_path, number, name):
    images = [np.full((96, 128, 3), 110, np.uint8)] * 3
    plain = encoded(tmp_path / "sdr.mp4", images)
    path = encoded(tmp_path / "hdr.mp4", images, transfer=number)
    info = probe(path)
    assert info.video.transfer == name
    (note,) = media_notes(info, picture_damage=(), sound_damage=())
    assert "HDR" in note
    before = next(frames(plain, probe(plain), fps=10)).rgb
    assert np.abs(next(frames(path, info, fps=10)).rgb - tone_mapped(before, name).astype(int)).max() <= 2
    assert np.abs(tone_mapped(before, name) - before.astype(int)).min() > 4


@pytest.mark.parametrize(("transfer", "white"), [("pq", 0.58), ("hlg", 0.75)])
def test_diffuse_white_of_the_standards_becomes_white(transfer, white):
    levels = tone_mapped(np.array([0, round(255 * white), 255], np.uint8), transfer).astype(int)
    assert levels[0] == 0
    assert levels[1] == pytest.approx(253, abs=3)
    assert levels[2] == 255
