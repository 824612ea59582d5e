"""Takes of a live recording become one file: nothing lost, at its time, seekable, whatever arrived."""

import json
import subprocess
import sys
from pathlib import Path

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml.media import encoding
from ml.media.errors import MediaError
from ml.media.probe import probe
from ml.media.remux import remux
from ml.media.takes import Parts, Take
from tests.factories.media import make_recording
from tests.factories.odd_media import fragmented, with_tracks

SIZE = (160, 120)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory) -> dict[str, Path]:
    """What browsers record: webm without a duration, fragmented mp4, with and without sound, three seconds each."""
    folder = tmp_path_factory.mktemp("recorded")
    made = {
        "webm": make_recording(folder / "a.webm", size=SIZE, declare_duration=False),
        "silent": make_recording(folder / "b.webm", size=SIZE, declare_duration=False, audio=None),
        "portrait": make_recording(folder / "c.webm", size=(120, 160), declare_duration=False),
        "vfr": make_recording(folder / "d.webm", size=SIZE, declare_duration=False, vfr=True),
    }
    return made | {"mp4": fragmented(make_recording(folder / "e.mp4", size=SIZE), folder / "f.mp4")}


def cut(folder: Path, recording: Path, count: int = 6, *, take: int = 1) -> list[Path]:
    """The bytes of a recording in ``count`` parts, as they are uploaded."""
    content = recording.read_bytes()
    step = -(-len(content) // count)
    parts = []
    for number in range(count):
        parts.append(folder / f"{take}-{number}.part")
        parts[-1].write_bytes(content[number * step : (number + 1) * step])
    return parts


def packets(path: Path, kind: str = "video") -> list[tuple[float, int]]:
    """(time, size) of every packet of a kind."""
    with av.open(str(path)) as container:
        stream = next(stream for stream in container.streams if stream.type == kind)
        found = [p for p in container.demux(stream) if p.pts is not None and p.size]
        return [(round(float(p.pts * p.time_base), 2), p.size) for p in found]


def first_picture_after(path: Path, second: float) -> float:
    with av.open(str(path)) as container:
        container.seek(int(second * av.time_base))
        return next(container.decode(video=0)).time


@pytest.mark.parametrize("kind", ["webm", "mp4", "silent", "vfr"])
def test_one_take_is_copied_packet_by_packet(tmp_path, recordings, kind):
    done = remux([Take(1, 0.0, tuple(cut(tmp_path, recordings[kind])))], tmp_path / "out")
    assert not done.encoded_anew
    assert done.notes == ()
    assert done.path.suffix == (".mp4" if kind == "mp4" else ".webm")
    for stream in ["video"] if kind == "silent" else ["video", "audio"]:
        before, after = packets(recordings[kind], stream), packets(done.path, stream)
        assert [size for _, size in after] == [size for _, size in before]
        assert [at for at, _ in after] == pytest.approx([at for at, _ in before], abs=0.03)
    info = probe(done.path)
    assert info.duration_s == pytest.approx(3.0, abs=0.25)
    assert info.has_audio == (kind != "silent")


def test_the_file_has_a_duration_and_can_be_entered_anywhere(tmp_path, recordings):
    with av.open(str(recordings["webm"])) as live:
        assert live.duration is None, "or this test shows nothing"
    takes = [
        Take(number, 4.0 * number, tuple(cut(tmp_path, recordings["webm"], take=number))) for number in range(1, 4)
    ]
    done = remux(takes, tmp_path / "out")
    with av.open(str(done.path)) as container:
        assert container.duration / av.time_base == pytest.approx(11.0, abs=0.1)
    assert first_picture_after(done.path, 8.5) == pytest.approx(8.0, abs=0.05)
    head = done.path.read_bytes()[:4096]
    assert b"\x1c\x53\xbb\x6b" in head, "the index lies in front, where a player looks first"


@pytest.mark.parametrize("kind", ["webm", "mp4"])
def test_a_gap_between_takes_stays_a_gap(tmp_path, recordings, kind):
    first, second = (tuple(cut(tmp_path, recordings[kind], take=number)) for number in (1, 2))
    done = remux([Take(1, 0.0, first), Take(2, 63.0, second)], tmp_path / "out")
    assert done.start_s == 0.0
    times = [at for at, _ in packets(done.path)]
    assert len(times) == 60
    assert [at for at in times if 3.1 < at < 62.9] == []
    assert times[30] == pytest.approx(63.0 + packets(recordings[kind])[0][0], abs=0.03)
    assert probe(done.path).duration_s == pytest.approx(66.0, abs=0.25)


def test_the_files_clock_starts_with_its_first_packet(tmp_path, recordings):
    done = remux([Take(2, 30.0, tuple(cut(tmp_path, recordings["webm"])))], tmp_path / "out")
    assert done.start_s == pytest.approx(30.0)
    assert packets(done.path)[0][0] == pytest.approx(0.0, abs=0.02)


def test_takes_that_barely_overlap_follow_each_other(tmp_path, recordings):
    first, second = (tuple(cut(tmp_path, recordings["webm"], take=number)) for number in (1, 2))
    done = remux([Take(1, 0.0, first), Take(2, 2.7, second)], tmp_path / "out")
    assert len(packets(done.path)) == 60, "nothing is lost"
    assert probe(done.path).duration_s == pytest.approx(6.0, abs=0.1)


def test_where_two_tabs_recorded_the_newer_one_is_kept(tmp_path, recordings):
    first, second = (tuple(cut(tmp_path, recordings["webm"], take=number)) for number in (1, 2))
    done = remux([Take(1, 0.0, first), Take(2, 1.0, second)], tmp_path / "out")
    times = [at for at, _ in packets(done.path)]
    assert times == sorted(times)
    assert len(times) == 10 + 30
    assert probe(done.path).duration_s == pytest.approx(4.0, abs=0.1)


def test_the_older_take_goes_on_when_the_newer_one_ends_first(tmp_path, recordings):
    long = make_recording(tmp_path / "long.webm", duration_s=30.0, size=SIZE, declare_duration=False, audio=None)
    takes = [Take(1, 0.0, tuple(cut(tmp_path, long))), Take(2, 2.0, tuple(cut(tmp_path, recordings["silent"], take=2)))]
    done = remux(takes, tmp_path / "out")
    keys = [at for at, _ in packets(long)]
    assert packets(done.path)[-1][0] == pytest.approx(keys[-1], abs=0.1)
    assert probe(done.path).duration_s == pytest.approx(30.0, abs=0.2)


def test_takes_of_different_kinds_are_encoded_anew_at_their_time(tmp_path, recordings):
    takes = [
        Take(1, 0.0, tuple(cut(tmp_path, recordings["webm"], take=1))),
        Take(2, 5.0, tuple(cut(tmp_path, recordings["portrait"], take=2))),
        Take(3, 10.0, tuple(cut(tmp_path, recordings["mp4"], take=3))),
        Take(4, 15.0, tuple(cut(tmp_path, recordings["silent"], take=4))),
    ]
    done = remux(takes, tmp_path / "out")
    assert done.encoded_anew
    assert "encoded anew" in done.notes[0]
    info = probe(done.path)
    assert (info.width, info.height, info.has_audio) in {(160, 120, True), (120, 160, True)}
    assert info.duration_s == pytest.approx(18.0, abs=0.2)
    times = [at for at, _ in packets(done.path)]
    assert [sum(start <= at < start + 5 for at in times) for start in (0, 5, 10, 15)] == [30] * 4
    for start in (0.0, 5.0, 10.0, 15.0):
        assert min(abs(at - start) for at in times) < 0.25
    sound = [at for at, _ in packets(done.path, "audio")]
    assert sound[-1] == pytest.approx(13.0, abs=0.25)


def test_large_pictures_are_encoded_smaller(tmp_path, recordings, monkeypatch):
    monkeypatch.setattr(encoding, "LONG_SIDE", 80)
    parts = [cut(tmp_path, recordings[kind], take=number) for number, kind in ((1, "webm"), (2, "mp4"))]
    takes = [Take(number, 5.0 * number, tuple(part)) for number, part in enumerate(parts, 1)]
    info = probe(remux(takes, tmp_path / "out").path)
    assert max(info.width, info.height) == 80


@pytest.mark.parametrize("second", ["webm", "portrait"], ids=["copied", "encoded anew"])
def test_nothing_is_kept_of_what_comes_after_the_end(tmp_path, recordings, second):
    first, last = cut(tmp_path, recordings["webm"], take=1), cut(tmp_path, recordings[second], take=2)
    late = cut(tmp_path, recordings["webm"], take=3)
    takes = [Take(1, 2.0, tuple(first)), Take(2, 6.0, tuple(last)), Take(3, 20.0, tuple(late))]
    done = remux(takes, tmp_path / "out", end_s=7.5)
    assert done.start_s == pytest.approx(2.0)
    assert done.notes[0] == "The recording was cut at the end of the interview."
    for kind in ("video", "audio"):
        assert 5.2 < packets(done.path, kind)[-1][0] < 5.55
    with pytest.raises(MediaError):
        remux(takes, tmp_path / "nothing", end_s=1.0)


def test_a_truncated_last_part_costs_its_own_end_alone(tmp_path, recordings):
    for kind in ("webm", "mp4"):
        parts = cut(tmp_path, recordings[kind])
        parts[-1].write_bytes(parts[-1].read_bytes()[: parts[-1].stat().st_size // 3])
        done = remux([Take(1, 0.0, tuple(parts))], tmp_path / f"out-{kind}")
        whole = packets(recordings[kind])
        sizes = [size for _, size in packets(done.path)]
        assert len(sizes) > 0.7 * len(whole)
        assert sizes == [size for _, size in whole][: len(sizes)]
        assert probe(done.path).duration_s > 2.0


def test_a_missing_part_in_the_middle_costs_what_stood_in_it(tmp_path):
    long = make_recording(tmp_path / "long.webm", duration_s=20.0, size=SIZE, declare_duration=False)
    parts = cut(tmp_path, long, 20)
    done = remux([Take(1, 0.0, tuple(parts[:8] + parts[9:]))], tmp_path / "out")
    times = [at for at, _ in packets(done.path)]
    assert times[0] == pytest.approx(0.0, abs=0.02)
    assert times[-1] == pytest.approx(19.9, abs=0.1), "what follows the hole is there, at its time"
    assert len(times) > 120
    assert probe(done.path).duration_s == pytest.approx(20.0, abs=0.2)


def test_a_take_without_its_beginning_is_named_and_the_others_are_kept(tmp_path, recordings):
    first = cut(tmp_path, recordings["webm"], take=1)
    second = cut(tmp_path, recordings["webm"], take=2)
    done = remux([Take(1, 0.0, tuple(first[1:])), Take(2, 5.0, tuple(second))], tmp_path / "out")
    assert done.notes == ("Part 1 of the recording could not be read.",)
    assert set(done.read_bytes) == {2}
    assert done.start_s == pytest.approx(5.0)


@pytest.fixture(scope="module")
def sound_only(recordings, tmp_path_factory) -> Path:
    """A take whose camera was missing."""
    return with_tracks(tmp_path_factory.mktemp("sound") / "sound.webm", [(recordings["webm"], "audio")])


@pytest.mark.parametrize("other", ["webm", "mp4"], ids=["copied", "encoded anew"])
def test_a_take_without_a_picture_is_kept_as_sound(tmp_path, recordings, sound_only, other):
    shown = tuple(cut(tmp_path, recordings[other], take=2))
    done = remux([Take(1, 0.0, tuple(cut(tmp_path, sound_only))), Take(2, 3.5, shown)], tmp_path / "out")
    assert done.start_s == 0.0
    assert set(done.read_bytes) == {1, 2}
    assert done.notes[0] == "There is no picture until 3.5 s, only sound."
    assert done.encoded_anew == (other == "mp4")
    info = probe(done.path)
    assert info.duration_s == pytest.approx(6.5, abs=0.25)
    assert packets(done.path)[0][0] == pytest.approx(3.5, abs=0.25)
    sound = [at for at, _ in packets(done.path, "audio")]
    assert sound[0] == pytest.approx(0.0, abs=0.05)
    assert sound[-1] == pytest.approx(6.5, abs=0.25)


def test_a_camera_that_is_pulled_out_leaves_the_sound_after_it(tmp_path, recordings, sound_only):
    takes = [
        Take(1, 0.0, tuple(cut(tmp_path, recordings["webm"]))),
        Take(2, 4.0, tuple(cut(tmp_path, sound_only, take=2))),
    ]
    done = remux(takes, tmp_path / "out")
    assert done.notes == ("There is no picture from 3.0 s on, only sound.",)
    info = probe(done.path)
    assert info.duration_s == pytest.approx(7.0, abs=0.15)
    assert info.video.missing[0] == pytest.approx((3.0, 7.0), abs=0.15)


def test_a_camera_that_is_away_for_a_while_is_told_with_its_seconds(tmp_path, recordings, sound_only):
    sources = (recordings["webm"], sound_only, recordings["webm"])
    takes = [
        Take(number, 3.5 * (number - 1), tuple(cut(tmp_path, source, take=number)))
        for number, source in enumerate(sources, 1)
    ]
    assert remux(takes, tmp_path / "out").notes == ("There is no picture from 3.0 to 7.0 s, only sound.",)


def test_sound_alone_is_a_recording_as_well(tmp_path, sound_only):
    done = remux([Take(1, 2.0, tuple(cut(tmp_path, sound_only)))], tmp_path / "out")
    assert (done.path.suffix, done.encoded_anew) == (".webm", False)
    assert done.notes == ("There is no picture, only sound.",)
    info = probe(done.path, needs_picture=False)
    assert (info.video, info.width, info.has_audio) == (None, 0, True)
    assert info.duration_s == pytest.approx(3.0, abs=0.1)
    with pytest.raises(MediaError, match="sound but no picture"):
        probe(done.path)


def test_when_nothing_can_be_read_it_is_said(tmp_path, recordings):
    parts = cut(tmp_path, recordings["webm"])
    with pytest.raises(MediaError, match="Neither picture nor sound"):
        remux([Take(1, 0.0, tuple(parts[3:]))], tmp_path / "out")


def run(request: dict) -> dict:
    result = subprocess.run(
        [sys.executable, "-m", "ml.media.remux"], input=json.dumps(request), capture_output=True, text=True, check=True
    )
    return json.loads(result.stdout)


def test_as_a_process_it_answers_in_json(tmp_path, recordings):
    parts = [str(path) for path in cut(tmp_path, recordings["webm"])]
    stem = str(tmp_path / "recording")
    answer = run({"takes": [{"number": 1, "offset_s": 2.5, "parts": parts}], "end_s": 60, "stem": stem})
    total = recordings["webm"].stat().st_size
    assert answer == {
        "ok": True,
        "path": f"{stem}.webm",
        "start_s": 2.5,
        "takes": [{"number": 1, "read_bytes": pytest.approx(total, abs=512)}],
        "encoded_anew": False,
        "notes": [],
    }
    text = tmp_path / "text.part"
    text.write_text("no recording")
    answer = run({"takes": [{"number": 1, "offset_s": 0, "parts": [str(text)]}], "end_s": 60, "stem": stem})
    assert not answer["ok"]
    assert answer["sentence"].endswith(".")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_parts_read_like_one_file(tmp_path, data):
    pieces = data.draw(st.lists(st.binary(max_size=20), min_size=1, max_size=6))
    paths = []
    for number, piece in enumerate(pieces):
        paths.append(tmp_path / f"{number}.part")
        paths[-1].write_bytes(piece)
    whole = b"".join(pieces)
    with Parts(paths) as parts:
        assert parts.read() == whole
        for _ in range(5):
            start, count = data.draw(st.integers(0, 130)), data.draw(st.integers(0, 40))
            parts.seek(start)
            found = b""
            while len(found) < count and (block := parts.read(count - len(found))):
                found += block
            assert found == whole[start : start + count]
