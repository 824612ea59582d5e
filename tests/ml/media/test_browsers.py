"""Which files browsers play as they are, and the sentence for every other one."""

from fractions import Fraction

import pytest

from ml.media.probe import probe
from tests.factories.containers import make_container
from tests.factories.media import make_recording


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("a.mp4", {}),
        ("a.m4v", {}),
        ("a.mov", {}),
        ("silent.mp4", {"audio": ()}),
        ("a.webm", {"video": ("libvpx",), "audio": ("libopus",)}),
        ("b.webm", {"video": ("libvpx-vp9",), "audio": ("libopus",)}),
        ("sound.webm", {"video": (), "audio": ("libopus",)}),
    ],
)
def test_what_browsers_play_has_no_obstacle(tmp_path, name, given):
    path = make_container(tmp_path / name, duration_s=1.0, **given)
    assert probe(path, needs_picture=False).browser_obstacle == ""


FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}


@pytest.mark.parametrize(
    ("name", "given", "named"),
    [
        ("a.mkv", {}, "mkv files"),
        ("a.avi", {"video": ("mpeg4",), "audio": ("libmp3lame",)}, "avi files"),
        ("a.3gp", {"container_format": "3gp", "audio": ("libopencore_amrnb",)}, "3gp files"),
        ("hevc.mp4", {"video": ("libx265",)}, "HEVC"),
        ("part2.mov", {"video": ("mpeg4",)}, "MPEG-4 part 2"),
        ("deep.mp4", {"pixel_format": "yuv420p10le"}, "10 bit"),
        ("full.mp4", {"pixel_format": "yuv444p"}, "yuv444p"),
        ("pcm.mov", {"audio": ("pcm_mulaw",)}, "sound (pcm_mulaw)"),
        ("fields.mp4", {"options": {"flags": "+ildct+ilme"}}, "interlaced"),
        ("wide.mp4", {"pixel_aspect": Fraction(4, 3)}, "not square"),
        ("two.mov", {"video": ("libx264", "libx264")}, "several video tracks"),
        ("voices.mp4", {"audio": ("aac", "aac")}, "several audio tracks"),
        ("late.mp4", {"start_s": 2.0}, "clock does not start at 0"),
        ("fragments.mp4", {"container_options": FRAGMENTED}, "cannot seek"),
        ("live.webm", {"video": ("libvpx",), "audio": ("libopus",), "container_options": {"live": "1"}}, "cannot seek"),
    ],
)
def test_every_other_file_has_a_sentence(tmp_path, name, given, named):
    obstacle = probe(make_container(tmp_path / name, duration_s=1.0, **given)).browser_obstacle
    assert named in obstacle
    assert obstacle.endswith(".")


def test_a_turned_picture_is_turned_by_the_browser(tmp_path):
    path = make_recording(tmp_path / "telephone.mp4", duration_s=0.5, size=(120, 160), rotation=90)
    assert probe(path).browser_obstacle == ""
