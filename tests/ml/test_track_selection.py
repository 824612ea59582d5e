"""Which of several tracks is read, and that the report can name them."""

import json
import subprocess
import sys

import numpy as np
import pytest

from ml.demo.portrait import Pose
from ml.media.info import MediaInfo
from ml.media.notes import media_notes
from ml.media.video import frames
from ml.track_selection import recording_info
from tests.factories.media import make_recording
from tests.factories.odd_media import encoded, with_tracks


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tracks")
    return {
        "camera": make_recording(folder / "camera.mp4", duration_s=4.0),
        "screen": make_recording(folder / "screen.mp4", duration_s=4.0, size=(640, 360), face="none", audio="silent"),
        "photo": make_recording(
            folder / "photo.mp4", duration_s=4.0, size=(400, 300), pose=lambda second: Pose(), audio="noise"
        ),
        "shorter": make_recording(folder / "shorter.mp4", duration_s=3.4),
        "music": make_recording(folder / "music.mp4", duration_s=4.0, audio="tone"),
        "cover": encoded(folder / "cover.mp4", [np.full((512, 512, 3), 90, np.uint8)]),
    }


def notes(info) -> str:
    return " ".join(media_notes(info, picture_damage=(), sound_damage=()))


@pytest.mark.parametrize("other", ["screen", "photo", "cover"])
@pytest.mark.parametrize("camera_first", [True, False])
def test_the_track_with_a_live_face_is_read(tmp_path, sources, other, camera_first):
    tracks = [(sources["camera"], "video"), (sources[other], "video")]
    path = with_tracks(tmp_path / "a.mkv", [*(tracks if camera_first else tracks[::-1]), (sources["camera"], "audio")])
    info = recording_info(path)
    assert (info.width, info.height) == (320, 240)
    assert info.video_index == (0 if camera_first else 1)
    assert info.fps == pytest.approx(10, abs=0.3)
    found = list(frames(path, info, fps=10))
    assert found[0].rgb.shape == (240, 320, 3)
    assert len(found) == 40
    assert "2 tracks of pictures" in notes(info)
    assert f"The {'first' if camera_first else 'second'} one was read" in notes(info)


def test_the_longest_is_read_where_no_track_has_a_face(tmp_path, sources):
    short = make_recording(tmp_path / "short.mp4", duration_s=2.0, face="none")
    info = recording_info(with_tracks(tmp_path / "a.mkv", [(short, "video"), (sources["screen"], "video")]))
    assert (info.video_index, info.width) == (1, 640)


@pytest.mark.parametrize("other", ["screen", "music", "shorter"], ids=["silent", "music", "less"])
@pytest.mark.parametrize("voice_first", [True, False])
def test_the_sound_with_the_most_speech_is_read(tmp_path, sources, other, voice_first):
    tracks = [(sources["camera"], "audio"), (sources[other], "audio")]
    path = with_tracks(tmp_path / "a.mkv", [(sources["camera"], "video"), *(tracks if voice_first else tracks[::-1])])
    info = recording_info(path)
    assert info.audio_index == (1 if voice_first else 2)
    assert "2 tracks of sound" in notes(info)


def test_a_recording_with_one_track_of_each_kind_has_no_note(sources):
    info = recording_info(sources["camera"])
    assert (info.video_index, info.audio_index) == (0, 1)
    assert notes(info) == ""


class TestCommand:
    def run(self, *arguments: object) -> dict:
        process = subprocess.run(
            [sys.executable, "-m", "ml.track_selection", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return json.loads(process.stdout)

    def test_facts_are_one_line_of_json(self, sources):
        answer = self.run(sources["camera"])
        assert answer["ok"] is True
        assert answer["width"] == 320
        assert MediaInfo.from_json(answer) == recording_info(sources["camera"])

    def test_tracks_are_chosen_within_the_limits_of_memory(self, tmp_path, sources):
        path = with_tracks(tmp_path / "a.mkv", [(sources["screen"], "video"), (sources["camera"], "video")])
        answer = self.run(path)
        assert (answer["video_index"], answer["width"]) == (1, 320)

    def test_refusal_is_json_too(self, sources):
        answer = self.run(sources["camera"], "--max-duration-s", "0.2")
        assert answer["ok"] is False
        assert answer["code"] == "too_long"
        assert "limit" in answer["sentence"]
