"""One live session: frames and sound in, readings out; failures stay where they happen."""

import json
import shutil
from types import SimpleNamespace

import numpy as np
import pytest

from ml import artifacts
from ml.demo.portrait import Pose
from ml.demo.speech import speak
from ml.live.models import Chosen, Models
from ml.live.pictures import BadPicture
from ml.live.session import NO_FACE, LiveSession, warm_up
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION, MODALITIES, SPEECH_EMOTION
from ml.speech_emotion import stream

RATE_HZ = 48_000


def test_a_frame_with_a_face_is_read_by_all_three(models, jpeg):
    read = LiveSession(models).see(jpeg(), 0.0)
    assert set(read.reads) == {FACIAL_EXPRESSION, EYE_EMOTION, EYE_GAZE}
    assert read.faces == 1
    for one in read.reads.values():
        assert one.label in one.probabilities
        assert one.confidence == one.probabilities[one.label]
        assert sum(one.probabilities.values()) == pytest.approx(1, abs=1e-4)


def test_eye_emotion_has_its_own_rate(models, jpeg):
    session = LiveSession(models)
    read = [EYE_EMOTION in session.see(jpeg(), step / 10).reads for step in range(20)]
    assert sum(read) in (5, 7)  # a third of a second, rounded up to whole frames, or to the nearest


def test_a_frame_without_a_face_says_so(models, jpeg):
    session = LiveSession(models)
    session.see(jpeg(), 0.0)
    read = session.see(jpeg(Pose(x=5.0)), 0.5)
    assert {one.reason for one in read.reads.values()} == {NO_FACE}
    assert all(one.label is None for one in read.reads.values())


def test_gaze_follows_the_eyes(models, jpeg):
    session = LiveSession(models)
    for step in range(30):
        straight = session.see(jpeg(), step / 10)
    for step in range(30, 38):
        aside = session.see(jpeg(Pose(gaze=1.0)), step / 10)
    assert straight.reads[EYE_GAZE].label == "center"
    assert aside.reads[EYE_GAZE].label.endswith("left")
    assert aside.gaze.iris[0] > straight.gaze.iris[0]


def test_closed_eyes_are_unknown(models, jpeg):
    session = LiveSession(models)
    for step in range(20):
        session.see(jpeg(), step / 10)
    assert session.see(jpeg(Pose(closed=1.0)), 2.0).reads[EYE_GAZE].label == "unknown"


def test_a_calibration_that_cannot_be_used_is_passed_over(models, jpeg):
    session = LiveSession(models, {"features": 99})
    assert session.see(jpeg(), 0.0).reads[EYE_GAZE].label == "center"


def test_hints_come_when_asked_for_but_not_with_every_frame(models, jpeg):
    session = LiveSession(models)
    assert session.see(jpeg(), 0.0).hints is None
    hints = [session.see(jpeg(), step / 10, hints=True).hints for step in range(1, 11)]
    assert sum(one is not None for one in hints) == 2


def test_a_picture_that_is_none_is_refused_and_the_session_goes_on(models, jpeg):
    session = LiveSession(models)
    with pytest.raises(BadPicture):
        session.see(b"\xff\xd8 and nothing more", 0.0)
    assert session.see(jpeg(), 0.1).faces == 1


def test_a_failing_recogniser_takes_nobody_down(models, jpeg):
    def broken(_: object) -> None:
        raise RuntimeError("broken")

    failing = SimpleNamespace(recognize=broken, labels=(), artifact=models.recognizers[FACIAL_EXPRESSION].artifact)
    session = LiveSession(Chosen({**models.recognizers, FACIAL_EXPRESSION: failing}, {}))
    for step in range(2):
        read = session.see(jpeg(), step / 2)
        assert "internal error" in read.reads[FACIAL_EXPRESSION].reason
        assert read.reads[EYE_GAZE].label
        assert read.reads[EYE_EMOTION].label


def test_a_missing_version_is_a_sentence(jpeg, tmp_path):
    models = Models().load({FACIAL_EXPRESSION: str(tmp_path / FACIAL_EXPRESSION / "gone")})
    assert set(models.versions) == set(MODALITIES) - {FACIAL_EXPRESSION}
    read = LiveSession(models).see(jpeg(), 0.0)
    assert "is not installed" in read.reads[FACIAL_EXPRESSION].reason


def test_a_modality_that_is_out_of_service_is_not_read_by_what_ships(jpeg):
    models = Models().load({FACIAL_EXPRESSION: None})
    assert set(models.versions) == set(MODALITIES) - {FACIAL_EXPRESSION}
    assert "ask your administrator" in models.problems[FACIAL_EXPRESSION]


def test_another_version_of_the_same_name_is_loaded_anew(tmp_path):
    folder = tmp_path / FACIAL_EXPRESSION / "paper-v1"
    shutil.copytree(artifacts.find(FACIAL_EXPRESSION, "paper-v1").folder, folder)
    models = Models()
    first = models.load({FACIAL_EXPRESSION: str(folder)})
    assert models.load({FACIAL_EXPRESSION: str(folder)}).recognizers == first.recognizers
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "sha256": "0" * 64}))
    assert "cannot be used" in models.load({FACIAL_EXPRESSION: str(folder)}).problems[FACIAL_EXPRESSION]


def test_speech_is_named_window_by_window_as_in_a_recording(models):
    voice = np.tile(speak("I have worked as an engineer for seven years, and I like to build.", rate_hz=RATE_HZ), 3)
    pcm = (np.clip(voice, -1, 1) * 32767).astype("<i2").tobytes()
    session, step = LiveSession(models), RATE_HZ // 10 * 2
    named = []
    for at in range(0, len(pcm), step):
        for one in session.hear(pcm[at : at + step], RATE_HZ, 100 + at / 2 / RATE_HZ):
            assert one.end_s <= 100 + (at + step) / 2 / RATE_HZ
            named.append(one)
    assert len(named) >= 2
    assert sum(one.end_s - one.start_s for one in named) > 4
    at_once = LiveSession(models).hear(pcm, RATE_HZ, 100)  # as after a stall of the network
    assert [(one.start_s, one.label) for one in at_once] == [(one.start_s, one.label) for one in named]


def test_singing_is_told_of_and_not_named(models, monkeypatch):
    monkeypatch.setattr(stream, "is_musical", lambda pieces, rate_hz: True)
    voice = np.tile(speak("I have worked as an engineer for seven years, and I like to build.", rate_hz=RATE_HZ), 2)
    pcm = (np.clip(voice, -1, 1) * 32767).astype("<i2").tobytes()
    session = LiveSession(models)
    assert session.take_musical() == []
    assert session.hear(pcm, RATE_HZ, 100) == []
    spans = session.take_musical()
    assert sum(end_s - start_s for start_s, end_s in spans) > 2
    assert min(start_s for start_s, _ in spans) == pytest.approx(100, abs=0.5)
    assert session.take_musical() == []


def test_narrow_band_sound_is_noticed_after_some_speech(models):
    voice = np.tile(speak("I have worked as an engineer for seven years.", rate_hz=8_000), 3)  # from 22,050 Hz
    pcm = (np.clip(voice, -1, 1) * 32767).astype("<i2").tobytes()
    session = LiveSession(models)
    assert not session.narrow_band
    session.hear(pcm, 8_000, 100)
    assert session.narrow_band


def test_warming_up_runs_everything(models):
    warm_up(models)
    assert SPEECH_EMOTION in models.versions
