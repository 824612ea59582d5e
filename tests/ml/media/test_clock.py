"""One clock for picture and sound, whatever the container's timestamps do."""

import itertools
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from ml.media.audio import audio_chunks
from ml.media.errors import MediaError
from ml.media.info import MediaInfo
from ml.media.notes import media_notes
from ml.media.probe import probe
from ml.media.ticks import Ticks
from ml.media.video import MAX_HOLD_S, frames
from tests.factories.media import make_recording
from tests.factories.odd_media import encoded, fragmented, joined, shifted

SIZE = (160, 120)


def shown(path: Path, info: MediaInfo) -> list[tuple[float, float]]:
    return [(frame.start_s, frame.end_s) for frame in frames(path, info, fps=10)]


def heard(path: Path, info: MediaInfo) -> list[tuple[float, float]]:
    return [(start_s, start_s + len(samples) / 16000) for start_s, samples in audio_chunks(path, info, rate_hz=16000)]


def notes(info: MediaInfo) -> str:
    return " ".join(media_notes(info, picture_damage=(), sound_damage=()))


@pytest.mark.parametrize("suffix", [".mkv", ".webm"])
def test_a_clock_that_starts_hours_late_starts_at_zero(tmp_path, suffix):
    plain = make_recording(tmp_path / f"plain{suffix}", size=SIZE)
    late = shifted(plain, tmp_path / f"late{suffix}", by_s=24549.8)
    info, before = probe(late), probe(plain)
    assert info.container_start_s - before.container_start_s == pytest.approx(24549.8, abs=0.002)
    assert info.duration_s == pytest.approx(before.duration_s, abs=0.01)
    assert np.array(shown(late, info)) == pytest.approx(np.array(shown(plain, before)), abs=0.003)
    assert np.array(heard(late, info)) == pytest.approx(np.array(heard(plain, before)), abs=0.003)


def test_a_late_clock_does_not_hide_a_missing_end(tmp_path):
    late = shifted(make_recording(tmp_path / "plain.mkv", duration_s=8.0), tmp_path / "late.mkv", by_s=5000.0)
    late.write_bytes(late.read_bytes()[: int(late.stat().st_size * 0.4)])
    with pytest.raises(MediaError) as caught:
        probe(late)
    assert caught.value.code == "truncated"


@pytest.mark.parametrize(("suffix", "count"), [(".webm", 2), (".webm", 3), (".mkv", 2)])
def test_joined_recordings_are_read_one_after_the_other(tmp_path, suffix, count):
    parts = [
        make_recording(tmp_path / f"{number}{suffix}", duration_s=2.0 + number, size=SIZE, declare_duration=False)
        for number in range(count)
    ]
    path = joined(parts, tmp_path / f"joined{suffix}")
    info = probe(path)
    total_s = sum(2.0 + number for number in range(count))
    assert info.duration_s == pytest.approx(total_s, abs=0.1)
    assert info.fps == pytest.approx(10, abs=0.2)
    assert [part.start_s for part in info.clock] == pytest.approx([0.0, 2.0, 5.0][:count], abs=0.05)
    for spans in (shown(path, info), heard(path, info)):
        assert spans[0][0] == pytest.approx(0, abs=0.05)
        assert spans[-1][1] == pytest.approx(total_s, abs=0.15)
        assert sum(end - start for start, end in spans) == pytest.approx(total_s, abs=0.15)
        for one, following in itertools.pairwise(spans):
            assert one[1] <= following[0] + 1e-6
    assert f"holds {count} recordings" in notes(info)
    assert "2.0 s" in notes(info)


def test_joined_fragmented_recordings_are_read_one_after_the_other(tmp_path):
    part = fragmented(make_recording(tmp_path / "part.mp4", duration_s=3.0, size=SIZE), tmp_path / "fragmented.mp4")
    path = joined([part, part], tmp_path / "joined.mp4")
    info = probe(path)
    assert len(info.joined) == 2
    # Without an edit list the first picture comes at 0.2 s, with the delay of its B-frames.
    assert info.duration_s == pytest.approx(2 * probe(part).duration_s, abs=0.1)
    for spans in (shown(path, info), heard(path, info)):
        assert sum(end - start for start, end in spans) == pytest.approx(6.0, abs=0.5)
        assert spans[-1][1] == pytest.approx(info.duration_s, abs=0.3)


@pytest.mark.parametrize(("suffix", "is_finished"), [(".mp4", True), (".mov", True), (".mkv", True), (".webm", False)])
def test_finished_recordings_that_were_joined_are_read_one_after_the_other(tmp_path, suffix, is_finished):
    first = make_recording(tmp_path / f"1{suffix}", duration_s=2.0, size=SIZE, declare_duration=is_finished)
    parts = [first, make_recording(tmp_path / f"2{suffix}", duration_s=3.0, size=SIZE)]
    path = joined(parts, tmp_path / f"it's joined{suffix}")
    info = probe(path)
    assert info.duration_s == pytest.approx(5.0, abs=0.1)
    assert info.container == probe(parts[0]).container
    # FFmpeg itself reads on in Matroska, where the clock begins again.
    assert [part.start_s for part in info.joined or info.clock] == pytest.approx([0.0, 2.0], abs=0.1)
    assert MediaInfo.from_json(asdict(info)) == info
    for spans in (shown(path, info), heard(path, info)):
        assert spans[0][0] == pytest.approx(0, abs=0.05)
        assert spans[-1][1] == pytest.approx(5.0, abs=0.15)
        assert sum(end - start for start, end in spans) == pytest.approx(5.0, abs=0.15)
    assert "holds 2 recordings, one after the other; the second begins at 2.0 s" in notes(info)
    assert info.browser_obstacle
    pictures = [frame.rgb.astype(int) for frame in frames(path, info, fps=10)]
    again = [frame.rgb.astype(int) for frame in frames(parts[1], probe(parts[1]), fps=10)]
    assert max(np.abs(one - two).mean() for one, two in zip(pictures[-len(again) :], again, strict=True)) < 1


def test_a_second_recording_that_cannot_be_read_is_told(tmp_path):
    parts = [make_recording(tmp_path / f"{w}.mp4", duration_s=2.0, size=(w, 120)) for w in (320, 160)]
    path = joined(parts, tmp_path / "joined.mp4")
    info = probe(path)
    assert info.duration_s == pytest.approx(2.0, abs=0.1)
    assert "Another recording follows in the file after 2." in notes(info)


def test_data_that_cannot_be_read_any_more_are_told(tmp_path):
    path = make_recording(tmp_path / "a.webm", duration_s=2.0, size=SIZE, declare_duration=False)
    content = path.read_bytes()
    path.write_bytes(content + np.random.default_rng(1).bytes(200_000))
    assert "The file is damaged after 2." in notes(probe(path))


def test_the_same_picture_and_sound_come_out_of_both_parts(tmp_path):
    part = make_recording(tmp_path / "part.webm", duration_s=2.0, size=SIZE, declare_duration=False)
    path = joined([part, part], tmp_path / "joined.webm")
    pictures = [frame.rgb.astype(int) for frame in frames(path, probe(path), fps=10)]
    assert len(pictures) == 40
    assert max(np.abs(one - two).mean() for one, two in zip(pictures[:20], pictures[20:], strict=True)) < 4


def test_a_hole_in_the_pictures_is_shown_as_one(tmp_path):
    times = [number / 10 for number in range(70) if not 20 <= number < 50]
    images = [np.full((96, 128, 3), number * 3, np.uint8) for number in range(len(times))]
    path = encoded(tmp_path / "hole.mkv", images, times_s=times, fps=10)
    info = probe(path)
    assert info.video is not None
    assert info.video.missing == (pytest.approx((2.0, 5.0), abs=0.11),)
    assert "There is no picture from 2.0 s to 5.0 s." in notes(info)
    assert sum(end - start for start, end in shown(path, info)) == pytest.approx(4.1, abs=0.2)
    assert info.duration_s == pytest.approx(7.0, abs=0.2)


def test_a_jump_of_hours_is_closed(tmp_path):
    times = [*(number / 10 for number in range(20)), *(9000 + number / 10 for number in range(20))]
    images = [np.full((96, 128, 3), number * 5, np.uint8) for number in range(40)]
    path = encoded(tmp_path / "jump.mkv", images, times_s=times, fps=10)
    info = probe(path)
    assert info.duration_s == pytest.approx(4.0, abs=0.2)
    assert len(shown(path, info)) == 40


def test_sound_that_goes_on_after_the_picture_counts(tmp_path):
    images = [np.full((96, 128, 3), number * 8, np.uint8) for number in range(20)]
    sound = np.random.default_rng(1).uniform(-0.1, 0.1, (2, 48_000 * 6))
    path = encoded(tmp_path / "long.mkv", images, fps=10, channels=sound)
    info = probe(path)
    assert info.duration_s == pytest.approx(6.0, abs=0.1)
    assert shown(path, info)[-1][1] == pytest.approx(2.0, abs=0.25)
    assert heard(path, info)[-1][1] == pytest.approx(6.0, abs=0.1)
    assert "There is no picture from 2.0 s on." in notes(info)


def test_no_picture_counts_for_longer_than_a_fifth_of_a_second(tmp_path):
    images = [np.full((96, 128, 3), number * 20, np.uint8) for number in range(10)]
    path = encoded(tmp_path / "slow.mp4", images, times_s=list(range(10)), fps=1)
    info = probe(path)
    spans = shown(path, info)
    assert [start for start, _ in spans] == pytest.approx(range(10), abs=0.01)
    assert max(end - start for start, end in spans) <= MAX_HOLD_S + 1e-9
    assert "one picture a second" in notes(info)


def test_rates_that_change_count_by_time(tmp_path):
    times = [*(number / 5 for number in range(10)), *(2 + number / 25 for number in range(50))]
    images = [np.full((96, 128, 3), number * 4, np.uint8) for number in range(len(times))]
    path = encoded(tmp_path / "rates.mp4", images, times_s=times)
    info = probe(path)
    spans = shown(path, info)
    assert sum(end - start for start, end in spans) == pytest.approx(4.0, abs=0.15)
    assert notes(info) == ""


def test_an_ordinary_recording_has_no_notes_and_one_part(tmp_path):
    info = probe(make_recording(tmp_path / "plain.mp4", size=SIZE))
    assert len(info.clock) == 1
    assert notes(info) == ""


@pytest.mark.parametrize("time_base", [Fraction(1, 12_800), Fraction(1001, 30_000), Fraction(1, 1_000_000_000)])
def test_seconds_of_ticks_are_those_of_exact_fractions(time_base):
    ticks = Ticks(time_base)
    assert all(ticks.seconds(at) == float(at * time_base) for at in (-7, 0, 1, 33_333, 2**52 + 1))
