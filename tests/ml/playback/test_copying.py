"""The copy shows the same at the same seconds, upright and undistorted, in what browsers play."""

import random
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import pytest

from ml.media.errors import MediaError
from ml.media.probe import probe
from ml.media.video import frames
from ml.playback.copying import LONG_SIDE, playable_copy
from ml.track_selection import recording_info
from tests.factories.containers import make_container, second_of
from tests.factories.media import make_recording

DURATION_S = 3.0
FRAME_S = 0.04


def copied(path: Path, **options) -> Path:
    return playable_copy(path, recording_info(path), path.with_name("copy"), tell=lambda share: None, **options)


def largest_error(path: Path, *, duration_s: float = DURATION_S) -> float:
    """Between the second at which a picture is shown and the one that it shows."""
    shown = list(frames(path, probe(path), fps=10))
    assert len(shown) >= 9 * duration_s
    return max(abs(second_of(frame.rgb, duration_s) - frame.start_s) for frame in shown)


def packets(path: Path, kind: str) -> list[int]:
    with av.open(str(path)) as container:
        stream = next(stream for stream in container.streams if stream.type == kind)
        return [packet.size for packet in container.demux(stream) if packet.size]


@pytest.mark.parametrize(
    ("name", "given", "suffix"),
    [
        ("a.mkv", {}, ".mp4"),
        ("late.mkv", {"start_s": 6 * 3600.0}, ".mp4"),
        ("late.mp4", {"start_s": 2.0}, ".mp4"),
        ("vp8.mkv", {"video": ("libvpx",), "audio": ("libopus",)}, ".webm"),
        ("a.3gp", {"container_format": "3gp"}, ".mp4"),
        ("live.webm", {"video": ("libvpx",), "audio": ("libopus",), "container_options": {"live": "1"}}, ".webm"),
    ],
)
def test_where_only_the_container_is_wrong_the_packets_are_copied(tmp_path, name, given, suffix):
    path = make_container(tmp_path / name, **given)
    copy = copied(path)
    assert copy.suffix == suffix
    assert packets(copy, "video") == packets(path, "video")
    assert len(packets(copy, "audio")) == pytest.approx(len(packets(path, "audio")), abs=1)
    made = probe(copy)
    assert made.browser_obstacle == ""
    assert made.duration_s == pytest.approx(DURATION_S, abs=0.1)
    assert largest_error(copy) < FRAME_S


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("hevc.mov", {"video": ("libx265",)}),
        ("a.avi", {"video": ("mpeg4",), "audio": ("libmp3lame",)}),
        ("deep.mkv", {"pixel_format": "yuv420p10le"}),
        ("fields.mp4", {"options": {"flags": "+ildct+ilme"}}),
        ("pcm.mov", {"audio": ("pcm_mulaw",)}),
        ("amr.3gp", {"container_format": "3gp", "audio": ("libopencore_amrnb",)}),
        ("late.mkv", {"video": ("mpeg2video",), "audio": ("mp2",), "start_s": 3600.0}),
        ("silent.mkv", {"video": ("mpeg4",), "audio": ()}),
    ],
)
def test_everything_else_is_encoded_on_the_same_clock(tmp_path, name, given):
    path = make_container(tmp_path / name, **given)
    copy = copied(path)
    made = probe(copy)
    assert (made.video_codec, made.container, made.browser_obstacle) == ("h264", "mov", "")
    assert made.audio_codec == (None if given.get("audio") == () else "aac")
    assert made.duration_s == pytest.approx(DURATION_S, abs=0.1)
    assert (made.width, made.height) == (320, 180)
    assert largest_error(copy) < 2 * FRAME_S  # an avi has its second picture late


def test_the_index_of_a_copy_comes_first(tmp_path):
    copy = copied(make_container(tmp_path / "a.avi", video=("mpeg4",), audio=("libmp3lame",)))
    data = copy.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_pixels_become_square_and_pictures_upright(tmp_path):
    wide = copied(make_container(tmp_path / "wide.mp4", pixel_aspect=Fraction(4, 3)))
    assert (probe(wide).width, probe(wide).height) == (428, 180)  # 426.7, and even
    assert largest_error(wide) < FRAME_S
    turned = make_recording(tmp_path / "telephone.mp4", duration_s=1.0, size=(120, 160), rotation=90)
    copy = copied(turned, may_copy_packets=False)
    video = probe(copy).video
    assert video is not None
    assert (video.width, video.height, video.rotation) == (120, 160, 0)


def test_large_pictures_are_reduced(tmp_path):
    path = make_container(tmp_path / "large.mkv", video=("mpeg4",), size=(2560, 1440), duration_s=0.5)
    assert (probe(copied(path)).width, probe(copied(path)).height) == (LONG_SIDE, 720)


def test_sixty_pictures_a_second_become_thirty(tmp_path):
    made = probe(copied(make_container(tmp_path / "fast.mkv", video=("mpeg4",), fps=60, duration_s=1.0)))
    assert made.fps == pytest.approx(30, abs=2)
    assert made.duration_s == pytest.approx(1.0, abs=0.1)


def test_one_picture_a_second_keeps_its_length(tmp_path):
    copy = copied(make_container(tmp_path / "slow.mkv", video=("mpeg4",), audio=(), fps=1, duration_s=5.0))
    assert probe(copy).duration_s == pytest.approx(5.0, abs=0.1)


def test_two_recordings_in_one_file_follow_each_other(tmp_path):
    given = {"video": ("libvpx",), "audio": ("libopus",), "container_options": {"live": "1"}}
    part = make_container(tmp_path / "part.webm", **given).read_bytes()
    joined = tmp_path / "joined.webm"
    joined.write_bytes(part + part)
    copy = copied(joined)
    made = probe(copy)
    assert made.browser_obstacle == ""
    assert made.duration_s == pytest.approx(2 * DURATION_S, abs=0.1)
    shown = list(frames(copy, made, fps=10))
    start_s = recording_info(joined).clock[1].start_s
    second = [frame for frame in shown if frame.start_s >= start_s + FRAME_S]
    assert len(second) > 25
    assert all(abs(second_of(frame.rgb, DURATION_S) - (frame.start_s - start_s)) < 2 * FRAME_S for frame in second)


def test_of_several_tracks_the_one_that_is_read_is_copied(tmp_path):
    path = make_container(tmp_path / "two.mov", video=("libx264", "libx264"))
    info = recording_info(path)
    second = info.video_tracks[1]
    copy = playable_copy(path, info.reading(video=second, audio=info.audio), tmp_path / "copy", tell=lambda share: None)
    made = probe(copy)
    assert len(made.video_tracks) == 1
    assert (made.width, made.height) == (160, 180)
    assert made.browser_obstacle == ""


def test_sound_without_a_picture_is_copied(tmp_path):
    given = {"video": (), "audio": ("libopus",), "container_options": {"live": "1"}}
    path = make_container(tmp_path / "sound.webm", **given)
    info = recording_info(path, needs_picture=False)
    made = probe(playable_copy(path, info, tmp_path / "copy", tell=lambda share: None), needs_picture=False)
    assert (made.video, made.has_audio, made.browser_obstacle) == (None, True, "")
    assert made.duration_s == pytest.approx(DURATION_S, abs=0.1)


def test_stereo_stays_stereo(tmp_path):
    path = make_recording(tmp_path / "a.avi", duration_s=1.0, size=(160, 120))
    copy = copied(path)
    audio = probe(copy).audio
    assert audio is not None
    assert audio.channels == probe(path).audio.channels


def test_progress_rises_to_the_end(tmp_path):
    path = make_container(tmp_path / "a.avi", video=("mpeg4",), audio=("libmp3lame",))
    told: list[float] = []
    playable_copy(path, recording_info(path), tmp_path / "copy", tell=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0, abs=0.05)


def test_damaged_files_give_a_copy_or_are_refused(tmp_path):
    dice = random.Random(7)
    original = make_container(tmp_path / "a.mkv", video=("mpeg4",), duration_s=1.0).read_bytes()
    path = tmp_path / "damaged.mkv"
    for number in range(20):
        data = bytearray(original)
        for _ in range(50):
            data[dice.randrange(400, len(data))] = dice.randrange(256)
        path.write_bytes(data)
        with suppress(MediaError):
            info = recording_info(path)
            copy = playable_copy(path, info, tmp_path / f"copy-{number}", tell=lambda share: None)
            assert probe(copy, needs_picture=False).duration_s == pytest.approx(info.duration_s, abs=0.2)
