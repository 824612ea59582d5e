"""Corrupted copies: their pictures and sound are those of the stretches, at the same seconds, corrupted as it says."""

import io
import json
import subprocess
import sys

import numpy as np
import pytest

from ml.media.audio import sound_within
from ml.media.probe import probe
from ml.media.video import frames
from ml.robustness import __main__ as program
from ml.robustness.copies import write_copies
from ml.robustness.corruptions import CORRUPTIONS, RATE_HZ
from ml.track_selection import recording_info
from tests.factories.containers import make_container, second_of
from tests.factories.media import make_recording

DURATION_S = 12.0
STRETCHES = [(2.0, 4.0), (9.0, 10.0)]


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """Twelve seconds on a clock that starts late, with key frames ten seconds apart."""
    folder = tmp_path_factory.mktemp("recording")
    return make_container(folder / "a.mkv", duration_s=DURATION_S, start_s=50.0, options={"g": "250"})


@pytest.fixture(scope="module")
def copies(recording, tmp_path_factory):
    folder, told = tmp_path_factory.mktemp("copies"), []
    paths = write_copies(recording, recording_info(recording), folder, stretches=STRETCHES, fps=10.0, tell=told.append)
    assert told == sorted(told)
    assert 0 < told[-1] <= 1
    return paths


def shown(path):
    """(second on the recording's clock, RGB) of a copy's pictures."""
    info = probe(path)
    return [(frame.start_s + info.container_start_s, frame.rgb) for frame in frames(path, info, fps=10)]


def test_there_is_a_copy_for_every_corruption(copies):
    assert list(copies) == list(CORRUPTIONS)


def test_a_copy_has_the_pictures_of_the_stretches_at_their_seconds(copies):
    pictures = shown(copies["none"])
    assert len(pictures) == pytest.approx(30, abs=2)
    assert all(any(a <= at_s < b for a, b in STRETCHES) for at_s, _ in pictures)
    assert max(abs(second_of(rgb, DURATION_S) - at_s) for at_s, rgb in pictures) < 0.06


def test_what_lies_between_the_stretches_is_missing_and_not_filled(copies):
    info = probe(copies["none"])
    assert info.duration_s == pytest.approx(8.0, abs=0.1)
    (hole,) = info.video.missing
    assert hole == pytest.approx((2.0, 7.0), abs=0.15)
    assert info.audio.missing[0] == pytest.approx((2.0, 7.0), abs=0.15)


def test_pictures_are_darker_and_coarser_and_closer(copies):
    plain = shown(copies["none"])[5][1].astype(float)
    dark = shown(copies["darkened"])[5][1].astype(float)
    assert dark.max() == pytest.approx(plain.max() / 2, rel=0.15)
    assert copies["recompressed"].stat().st_size < copies["none"].stat().st_size
    middle = [shown(copies[key])[5][1].mean(axis=(0, 2)) for key in ("none", "cropped")]
    bar = [np.flatnonzero(columns > columns.max() / 2) for columns in middle]
    # The bar lies left of the middle; the crop moves it outwards and makes it wider.
    assert bar[1].mean() < bar[0].mean()
    assert len(bar[1]) > len(bar[0])


@pytest.mark.parametrize("span", STRETCHES)
def test_sound_is_quieter_noisier_and_coarser_and_keeps_its_time(copies, span):
    sounds = {}
    for key, path in copies.items():
        info = probe(path)
        at_s = info.container_start_s
        sounds[key] = sound_within(path, info, (span[0] - at_s, span[1] - at_s), rate_hz=RATE_HZ)[:, 0]
    plain = sounds["none"]
    assert np.abs(plain).max() == pytest.approx(0.3, abs=0.03)
    assert sounds["quieter"].std() / plain.std() == pytest.approx(0.251, rel=0.02)
    noise = sounds["noisy"] - plain
    assert 20 * np.log10(plain.std() / noise.std()) == pytest.approx(15.0, abs=0.5)
    assert np.corrcoef(plain[4800:-4800], sounds["recompressed"][4800:-4800])[0, 1] > 0.9
    assert not np.array_equal(plain, sounds["recompressed"])


def test_what_a_corruption_does_not_change_is_not_copied(tmp_path):
    path = make_container(tmp_path / "silent.mp4", audio=(), duration_s=2.0)
    info = recording_info(path)
    paths = write_copies(path, info, tmp_path, stretches=[(0.0, 2.0)], fps=10.0, tell=lambda share: None)
    assert list(paths) == ["none", "darkened", "recompressed", "cropped"]


def test_the_program_names_its_files(tmp_path):
    path = make_recording(tmp_path / "a.webm", duration_s=1.0)
    command = [sys.executable, "-m", "ml.robustness", str(path), str(tmp_path)]
    asked = json.dumps({"stretches": [[0.0, 1.0]], "fps": 5.0})
    said = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=120, check=True).stdout
    done = json.loads(said.splitlines()[-1])["done"]
    assert [one["key"] for one in done] == list(CORRUPTIONS)
    assert done[3] == {"key": "cropped", "file": "cropped.mkv", "window": [0.1, 0.1, 0.9, 0.9]}
    assert all((tmp_path / one["file"]).is_file() for one in done)


def test_the_program_refuses_with_a_sentence(tmp_path, monkeypatch, capsys):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no recording")
    monkeypatch.setattr(sys, "argv", ["ml.robustness", str(broken), str(tmp_path)])
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"stretches": [[0.0, 1.0]], "fps": 5.0}'))
    program.main()
    assert json.loads(capsys.readouterr().out)["error"].endswith(".")
