"""Live analysis: frames and sound in, readings out; failures stay where they happen."""

import json
import math
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ml import artifacts
from ml.demo.portrait import Pose
from ml.demo.speech import speak
from ml.faces.head_pose import HeadPose
from ml.faces.quality import FaceQuality
from ml.live.analyzer import LiveAnalyzer, warm_up
from ml.live.jpeg import InvalidFrame
from ml.live.reading import MOUTH_COVERED, NO_FACE, STANDS_STILL, TOO_DARK, TURNED, Reading
from ml.live.recognizer_cache import RecognizerCache, SessionRecognizers
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION, MODALITIES, SPEECH_EMOTION
from ml.speech_emotion import stream
from ml.timeline import Observation

RATE_HZ = 48_000


def swaying(step: int) -> Pose:
    """The pose of a face at a tenth of a second."""
    return Pose(x=0.03 * math.sin(step / 6), angle_deg=2 * math.sin(step / 5))


def test_a_frame_with_a_face_has_three_readings(recognizers, jpeg):
    frame = LiveAnalyzer(recognizers).analyze_frame(jpeg(), 0.0)
    assert set(frame.readings) == {FACIAL_EXPRESSION, EYE_EMOTION, EYE_GAZE}
    assert frame.faces == 1
    for one in frame.readings.values():
        assert one.label in one.probabilities
        assert one.confidence == one.probabilities[one.label]
        assert sum(one.probabilities.values()) == pytest.approx(1, abs=1e-4)


def test_eye_emotion_has_its_own_rate(recognizers, jpeg):
    analyzer = LiveAnalyzer(recognizers)
    read = [EYE_EMOTION in analyzer.analyze_frame(jpeg(), step / 10).readings for step in range(20)]
    assert sum(read) in (5, 7)  # a third of a second, rounded up to whole frames, or to the nearest


def test_a_frame_without_a_face_says_so(recognizers, jpeg):
    analyzer = LiveAnalyzer(recognizers)
    analyzer.analyze_frame(jpeg(), 0.0)
    frame = analyzer.analyze_frame(jpeg(Pose(x=5.0)), 0.5)
    assert {one.reason for one in frame.readings.values()} == {NO_FACE}
    assert all(one.label is None for one in frame.readings.values())


def test_gaze_follows_the_eyes(recognizers, jpeg):
    analyzer = LiveAnalyzer(recognizers)
    for step in range(30):
        straight = analyzer.analyze_frame(jpeg(swaying(step)), step / 10)
    for step in range(30, 38):
        aside = analyzer.analyze_frame(jpeg(replace(swaying(step), gaze=1.0)), step / 10)
    assert straight.readings[EYE_GAZE].label == "center"
    assert aside.readings[EYE_GAZE].label.endswith("left")
    assert aside.gaze.iris[0] > straight.gaze.iris[0]


def test_a_picture_that_stands_still_is_not_read(recognizers, jpeg):
    analyzer = LiveAnalyzer(recognizers)
    frames = [analyzer.analyze_frame(jpeg(), step / 10) for step in range(25)]
    assert frames[15].readings[FACIAL_EXPRESSION].label
    assert {one.reason for one in frames[-1].readings.values()} == {STANDS_STILL}
    moved = analyzer.analyze_frame(jpeg(swaying(5)), 2.5)
    assert moved.readings[FACIAL_EXPRESSION].label


def test_closed_eyes_are_unknown(recognizers, jpeg):
    analyzer = LiveAnalyzer(recognizers)
    for step in range(20):
        analyzer.analyze_frame(jpeg(swaying(step)), step / 10)
    assert analyzer.analyze_frame(jpeg(replace(swaying(20), closed=1.0)), 2.0).readings[EYE_GAZE].label == "unknown"


def test_a_calibration_that_cannot_be_used_is_ignored(recognizers, jpeg):
    analyzer = LiveAnalyzer(recognizers, {"features": 99})
    assert analyzer.analyze_frame(jpeg(), 0.0).readings[EYE_GAZE].label == "center"


def test_quality_is_assessed_when_asked_for_but_not_with_every_frame(recognizers, jpeg):
    analyzer = LiveAnalyzer(recognizers)
    assert analyzer.analyze_frame(jpeg(), 0.0).quality is None
    hints = [analyzer.analyze_frame(jpeg(), step / 10, assess_quality=True).quality for step in range(1, 11)]
    assert sum(one is not None for one in hints) == 2


def test_a_picture_that_is_none_is_refused_and_the_session_goes_on(recognizers, jpeg):
    analyzer = LiveAnalyzer(recognizers)
    with pytest.raises(InvalidFrame):
        analyzer.analyze_frame(b"\xff\xd8 and nothing more", 0.0)
    assert analyzer.analyze_frame(jpeg(), 0.1).faces == 1


def test_a_failing_recogniser_affects_no_other(recognizers, jpeg):
    def broken(_: object) -> None:
        raise RuntimeError("broken")

    failing = SimpleNamespace(recognize=broken, labels=(), artifact=recognizers.recognizers[FACIAL_EXPRESSION].artifact)
    analyzer = LiveAnalyzer(SessionRecognizers({**recognizers.recognizers, FACIAL_EXPRESSION: failing}, {}))
    for step in range(2):
        frame = analyzer.analyze_frame(jpeg(), step / 2)
        assert "internal error" in frame.readings[FACIAL_EXPRESSION].reason
        assert frame.readings[EYE_GAZE].label
        assert frame.readings[EYE_EMOTION].label


def test_a_missing_version_is_a_sentence(jpeg, tmp_path):
    recognizers = RecognizerCache().load({FACIAL_EXPRESSION: str(tmp_path / FACIAL_EXPRESSION / "gone")})
    assert set(recognizers.versions) == set(MODALITIES) - {FACIAL_EXPRESSION}
    frame = LiveAnalyzer(recognizers).analyze_frame(jpeg(), 0.0)
    assert "is not installed" in frame.readings[FACIAL_EXPRESSION].reason


def test_a_modality_that_is_out_of_service_is_not_read_by_what_ships(jpeg):
    recognizers = RecognizerCache().load({FACIAL_EXPRESSION: None})
    assert set(recognizers.versions) == set(MODALITIES) - {FACIAL_EXPRESSION}
    assert "ask your administrator" in recognizers.problems[FACIAL_EXPRESSION]


def test_another_version_of_the_same_name_is_loaded_anew(tmp_path):
    folder = tmp_path / FACIAL_EXPRESSION / "paper-v1"
    shutil.copytree(artifacts.find(FACIAL_EXPRESSION, "paper-v1").folder, folder)
    recognizers = RecognizerCache()
    first = recognizers.load({FACIAL_EXPRESSION: str(folder)})
    assert recognizers.load({FACIAL_EXPRESSION: str(folder)}).recognizers == first.recognizers
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "sha256": "0" * 64}))
    assert "cannot be used" in recognizers.load({FACIAL_EXPRESSION: str(folder)}).problems[FACIAL_EXPRESSION]


def test_speech_is_named_window_by_window_as_in_a_recording(recognizers):
    voice = np.tile(speak("I have worked as an engineer for seven years, and I like to build.", rate_hz=RATE_HZ), 3)
    pcm = (np.clip(voice, -1, 1) * 32767).astype("<i2").tobytes()
    analyzer, step = LiveAnalyzer(recognizers), RATE_HZ // 10 * 2
    named = []
    for at in range(0, len(pcm), step):
        for one in analyzer.analyze_audio(pcm[at : at + step], RATE_HZ, 100 + at / 2 / RATE_HZ):
            assert one.end_s <= 100 + (at + step) / 2 / RATE_HZ
            named.append(one)
    assert len(named) >= 2
    assert sum(one.end_s - one.start_s for one in named) > 4
    at_once = LiveAnalyzer(recognizers).analyze_audio(pcm, RATE_HZ, 100)  # as after a stall of the network
    assert [(one.start_s, one.label) for one in at_once] == [(one.start_s, one.label) for one in named]


def test_singing_is_told_of_and_not_named(recognizers, monkeypatch):
    monkeypatch.setattr(stream, "is_musical", lambda pieces, rate_hz: True)
    voice = np.tile(speak("I have worked as an engineer for seven years, and I like to build.", rate_hz=RATE_HZ), 2)
    pcm = (np.clip(voice, -1, 1) * 32767).astype("<i2").tobytes()
    analyzer = LiveAnalyzer(recognizers)
    assert analyzer.take_musical() == []
    assert analyzer.analyze_audio(pcm, RATE_HZ, 100) == []
    spans = analyzer.take_musical()
    assert sum(end_s - start_s for start_s, end_s in spans) > 2
    assert min(start_s for start_s, _ in spans) == pytest.approx(100, abs=0.5)
    assert analyzer.take_musical() == []


def test_narrow_band_sound_is_noticed_after_some_speech(recognizers):
    voice = np.tile(speak("I have worked as an engineer for seven years.", rate_hz=8_000), 3)  # from 22,050 Hz
    pcm = (np.clip(voice, -1, 1) * 32767).astype("<i2").tobytes()
    analyzer = LiveAnalyzer(recognizers)
    assert not analyzer.narrow_band
    analyzer.analyze_audio(pcm, 8_000, 100)
    assert analyzer.narrow_band


def test_a_turned_face_has_a_gaze_and_no_emotions(recognizers, jpeg, monkeypatch):
    monkeypatch.setattr("ml.faces.face_pass.head_pose", lambda face: HeadPose(60.0, 0.0, 0.0, 60.0))
    frame = LiveAnalyzer(recognizers).analyze_frame(jpeg(), 0.0)
    assert frame.readings[FACIAL_EXPRESSION] == frame.readings[EYE_EMOTION] == Reading(None, reason=TURNED)
    assert frame.readings[EYE_GAZE].label


def test_a_covered_mouth_withholds_the_face_alone(recognizers, jpeg, monkeypatch):
    monkeypatch.setattr("ml.faces.face_pass.cover_log_odds", lambda *face: 3.0)
    analyzer = LiveAnalyzer(recognizers)
    frames = [analyzer.analyze_frame(jpeg(swaying(step)), step / 10) for step in range(6)]
    assert frames[0].readings[FACIAL_EXPRESSION].label is not None
    assert frames[-1].readings[FACIAL_EXPRESSION] == Reading(None, reason=MOUTH_COVERED)
    assert frames[-1].readings[EYE_GAZE].label is not None


def test_a_speech_reading_has_the_labels_of_the_version():
    version = SimpleNamespace(labels=("sad", "happy"), artifact=artifacts.find(SPEECH_EMOTION))
    analyzer = LiveAnalyzer(SessionRecognizers({SPEECH_EMOTION: version}, {}))
    reading = analyzer.speech_reading(Observation(0.0, 1.0, "happy", 0.8, (0.2, 0.8)), "Narrow-band sound.")
    assert reading == Reading("happy", 0.8, {"sad": 0.2, "happy": 0.8}, "Narrow-band sound.")


def test_warming_up_runs_everything(recognizers):
    warm_up(recognizers)
    assert SPEECH_EMOTION in recognizers.versions


def test_a_face_in_the_dark_is_in_view_and_not_read(recognizers, jpeg, monkeypatch):
    monkeypatch.setattr("ml.faces.face_pass.face_quality", lambda crop, strip: FaceQuality(13.0, 6.0, 0.8, 0.4))
    frame = LiveAnalyzer(recognizers).analyze_frame(jpeg(), 0.0)
    assert frame.faces == 1
    assert all(reading == Reading(None, reason=TOO_DARK) for reading in frame.readings.values())
    assert frame.gaze is None


def test_a_modality_that_is_not_allowed_is_neither_loaded_nor_read(jpeg):
    recognizers = RecognizerCache().load({}, modalities=(EYE_GAZE,))
    assert set(recognizers.recognizers) == {EYE_GAZE}
    frame = LiveAnalyzer(recognizers).analyze_frame(jpeg(), 0.0)
    assert frame.readings[FACIAL_EXPRESSION].label is None
    assert "do not allow it" in frame.readings[FACIAL_EXPRESSION].reason
    assert frame.readings[EYE_GAZE].label
