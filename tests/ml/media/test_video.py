"""Frames by presentation timestamp."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from ml.media.conversion import LONG_SIDE
from ml.media.probe import probe
from ml.media.video import frames
from tests.factories.media import make_recording


def read(path, fps=10.0):
    info = probe(path)
    return list(frames(path, info, fps=fps)), info


def test_recording_is_thinned_to_the_grid(tmp_path):
    found, info = read(make_recording(tmp_path / "a.mp4", duration_s=2.0, size=(160, 120), fps=25))
    assert len(found) == 20
    assert [f.start_s for f in found] == pytest.approx(np.arange(20) / 10, abs=0.021)
    assert sum(f.end_s - f.start_s for f in found) == pytest.approx(info.duration_s, abs=0.05)


def test_slow_camera_gives_every_frame_once(tmp_path):
    found, info = read(make_recording(tmp_path / "a.mp4", duration_s=2.0, size=(160, 120), fps=5))
    assert len(found) == 10
    assert sum(f.end_s - f.start_s for f in found) == pytest.approx(info.duration_s, abs=0.1)


def test_a_picture_stands_for_those_that_a_coarse_grid_skips_and_for_no_others(tmp_path):
    dense, info = read(make_recording(tmp_path / "dense.mp4", duration_s=4.0, size=(160, 120), fps=10), fps=1)
    assert sum(f.end_s - f.start_s for f in dense) == pytest.approx(info.duration_s, abs=0.15)
    sparse, _ = read(make_recording(tmp_path / "sparse.mp4", duration_s=4.0, size=(160, 120), fps=1), fps=1)
    assert [f.end_s - f.start_s for f in sparse] == pytest.approx([0.2] * 4)
    info = replace(info, video_tracks=(replace(info.video, missing=((1.5, 3.2),)),))
    held = [f.end_s - f.start_s for f in frames(tmp_path / "dense.mp4", info, fps=1)]
    assert held[1] == pytest.approx(0.5, abs=0.11)


@pytest.mark.parametrize("suffix", [".webm", ".mkv"])
def test_hole_in_a_variable_frame_rate_stays_unobserved(tmp_path, suffix):
    path = make_recording(tmp_path / f"a{suffix}", duration_s=4.0, size=(160, 120), vfr=True, declare_duration=False)
    found, info = read(path)
    starts = [f.start_s for f in found]
    assert starts == sorted(set(starts))
    for one, following in itertools.pairwise(found):
        assert one.start_s < one.end_s <= following.start_s
    # The factory's hole lasts 0.8 s; one frame may speak for twice its interval at most.
    assert sum(f.end_s - f.start_s for f in found) < info.duration_s - 0.4


def test_clock_starts_with_the_first_stream_also_when_sound_is_listed_first(tmp_path):
    found, _ = read(make_recording(tmp_path / "a.mp4", duration_s=1.0, size=(160, 120), audio_first=True))
    assert found[0].start_s == pytest.approx(0, abs=0.03)
    assert len(found) == 10


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_turned_recording_looks_like_the_upright_one(tmp_path, rotation):
    upright, _ = read(make_recording(tmp_path / "up.mp4", duration_s=0.3, size=(120, 160)))
    turned, _ = read(make_recording(tmp_path / "turned.mp4", duration_s=0.3, size=(120, 160), rotation=rotation))
    assert turned[0].rgb.shape == (160, 120, 3)
    difference = np.abs(turned[0].rgb.astype(int) - upright[0].rgb.astype(int)).mean()
    assert difference < 6


def test_large_frames_are_shrunk(tmp_path):
    found, _ = read(make_recording(tmp_path / "a.mp4", duration_s=0.2, size=(1600, 160), face="none"))
    assert found[0].rgb.shape == (LONG_SIDE // 10, LONG_SIDE, 3)
