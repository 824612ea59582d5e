"""What is in a recording, and the sentence for everything that is not one."""

import random
from contextlib import suppress
from pathlib import Path

import pytest

from ml.media.audio import audio_chunks
from ml.media.errors import MediaError
from ml.media.probe import probe
from ml.media.video import frames
from tests.factories.media import (
    make_audio_only,
    make_empty_file,
    make_image_file,
    make_recording,
    make_text_file,
    make_truncated,
)

CONTAINERS = (".mp4", ".mov", ".mkv", ".webm", ".avi")


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> dict[str, Path]:
    """One second of 160x120 in every accepted container."""
    folder = tmp_path_factory.mktemp("small")
    return {suffix: make_recording(folder / f"small{suffix}", duration_s=1.0, size=(160, 120)) for suffix in CONTAINERS}


def code_of(path: Path, **options) -> str:
    with pytest.raises(MediaError) as caught:
        probe(path, **options)
    assert caught.value.sentence.endswith(".")
    return caught.value.code


@pytest.mark.parametrize("suffix", CONTAINERS)
def test_accepted_containers_are_read(small, suffix):
    info = probe(small[suffix])
    assert info.duration_s == pytest.approx(1.0, abs=0.15)
    assert info.fps == pytest.approx(10, abs=1.1)  # our writer gives AVI a late second frame
    assert (info.width, info.height) == (160, 120)
    assert info.has_audio
    assert info.frames_checked == 3
    assert info.container in {"mov", "matroska", "avi"}


def test_size_is_that_of_the_turned_picture(tmp_path):
    path = make_recording(tmp_path / "telephone.mp4", duration_s=0.5, size=(120, 160), rotation=90)
    info = probe(path)
    assert (info.width, info.height) == (120, 160)


def test_duration_that_the_browser_did_not_write_is_measured(tmp_path):
    path = make_recording(tmp_path / "browser.webm", duration_s=1.0, size=(160, 120), declare_duration=False)
    assert probe(path).duration_s == pytest.approx(1.0, abs=0.15)


def test_recording_without_sound_says_so(tmp_path):
    info = probe(make_recording(tmp_path / "mute.mp4", duration_s=0.5, size=(160, 120), audio=None))
    assert not info.has_audio
    assert info.audio_codec is None


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (make_empty_file, "empty"),
        (make_text_file, "not_media"),
        (make_image_file, "image"),
        (lambda path: make_image_file(path, kind="jpg"), "image"),
        (make_audio_only, "audio_only"),
        (make_truncated, "truncated"),
    ],
    ids=["empty", "text", "png", "jpg", "sound only", "cut off"],
)
def test_everything_else_has_its_own_sentence(tmp_path, make, code):
    path = tmp_path / "recording.mp4"
    make(path)
    assert code_of(path) == code


def test_recording_that_ends_long_before_it_declares_is_truncated(tmp_path):
    assert code_of(make_truncated(tmp_path / "cut.mkv", keep=0.4)) == "truncated"


def test_recording_over_the_limit_is_told_both_durations(small):
    with pytest.raises(MediaError, match=r"lasts 1 s; the limit is 0 s") as caught:
        probe(small[".mp4"], max_duration_s=0.4)
    assert caught.value.code == "too_long"


def test_playlist_that_names_other_files_is_not_opened(tmp_path, small):
    playlist = tmp_path / "recording.mp4"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{small['.mp4']}\n#EXT-X-ENDLIST\n")
    assert code_of(playlist) == "not_media"


def test_missing_file_is_named(tmp_path):
    assert code_of(tmp_path / "gone.mp4") == "unreadable"


def test_damaged_files_never_raise_anything_else(tmp_path, small):
    """Seeded mutations and cuts of every container, and random bytes: an answer or a MediaError, nothing else."""
    dice = random.Random(20)
    originals = [path.read_bytes() for path in small.values()]
    path = tmp_path / "damaged.bin"
    for number in range(60):
        data = bytearray(dice.choice(originals))
        if number % 6 == 0:
            data = bytearray(dice.randbytes(dice.randrange(4000)))
        elif number % 6 == 1:
            data = data[: dice.randrange(len(data))]
        else:
            for _ in range(dice.choice((1, 5, 50))):
                data[dice.choice((dice.randrange(1500), -dice.randrange(1, 1500), dice.randrange(len(data))))] = (
                    dice.randrange(256)
                )
        path.write_bytes(data)
        with suppress(MediaError):
            info = probe(path)
            for frame in frames(path, info, fps=10):
                assert frame.end_s >= frame.start_s >= 0
            for _ in audio_chunks(path, info, rate_hz=16000):
                pass


def test_a_first_stream_of_neither_kind_is_passed_over(small, tmp_path):
    path = tmp_path / "a.avi"
    path.write_bytes(small[".avi"].read_bytes().replace(b"strh8\0\0\0vids", b"strh8\0\0\0dats"))
    info = probe(path, needs_picture=False)
    assert (info.video, info.audio.index) == (None, 1)
