"""The program: what it writes, and what it says of it."""

import json
import subprocess
import sys
from pathlib import Path

import av
import pytest

from ml.media.probe import probe
from tests.factories.containers import make_container, second_of
from tests.factories.media import make_recording, make_text_file


def run(path: Path, *options: str) -> list[dict]:
    command = [sys.executable, "-m", "ml.playback", str(path), str(path.parent), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def poster_size(folder: Path) -> tuple[int, int]:
    with av.open(str(folder / "poster.jpg")) as picture:
        return picture.streams.video[0].width, picture.streams.video[0].height


def poster_second(folder: Path, duration_s: float) -> float:
    with av.open(str(folder / "poster.jpg")) as picture:
        return second_of(next(picture.decode(video=0)).to_ndarray(format="rgb24"), duration_s)


def test_what_browsers_play_gets_a_poster_and_no_copy(tmp_path):
    path = make_container(tmp_path / "a.mp4", duration_s=2.0)
    assert run(path)[-1] == {"done": {"obstacle": "", "copy": None, "poster": "poster.jpg"}}
    assert poster_second(tmp_path, 2.0) == pytest.approx(0.2, abs=0.06)


def test_what_they_do_not_play_gets_both(tmp_path):
    done = run(make_container(tmp_path / "a.mkv", start_s=100.0), "--poster-at", "2.0")[-1]["done"]
    assert done["obstacle"]
    assert probe(tmp_path / done["copy"]).browser_obstacle == ""
    assert poster_second(tmp_path, 3.0) == pytest.approx(2.0, abs=0.06)


def test_a_copy_that_is_asked_for_is_encoded(tmp_path):
    done = run(make_container(tmp_path / "a.webm", video=("libvpx",), audio=("libopus",)), "--copy", "always")[-1]
    assert done["done"]["copy"] == "copy.mp4"
    assert probe(tmp_path / "copy.mp4").video_codec == "h264"


def test_a_poster_alone_writes_no_copy(tmp_path):
    done = run(make_container(tmp_path / "a.mp4"), "--copy", "none", "--poster-at", "99")[-1]["done"]
    assert done == {"obstacle": "", "copy": None, "poster": "poster.jpg"}
    assert poster_second(tmp_path, 3.0) == pytest.approx(3.0, abs=0.1)


def test_the_poster_is_upright_and_small(tmp_path):
    path = make_recording(tmp_path / "telephone.mp4", duration_s=0.5, size=(900, 1600), rotation=90)
    run(path)
    assert poster_size(tmp_path) == (360, 640)


def test_what_cannot_be_read_is_refused_with_a_sentence(tmp_path):
    (line,) = run(make_text_file(tmp_path / "a.mp4"))
    assert line["error"].startswith("This file is not a video recording.")
    assert not list(tmp_path.glob("copy*"))
