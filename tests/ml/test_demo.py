"""The demo recording: what its script says is what the recognisers see."""

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from ml.demo import recording
from ml.demo.portrait import Pose, frame
from ml.demo.speech import SpeechError, speak, speak_at
from ml.eye_gaze.recognizer import Recognizer
from ml.faces.face_pass import FacePass
from ml.faces.mouth import mouth_openness
from ml.media.damage import Damage
from ml.media.probe import probe
from ml.media.video import Frame, frames
from ml.voice.mouth_activity import mouth_movement, movement_evidence


@pytest.fixture
def short_demo(monkeypatch):
    monkeypatch.setattr(recording, "DURATION_S", 3.0)


class TestSpeech:
    def test_a_sentence_is_spoken_at_the_rate_asked_for(self):
        low, high = speak("Good morning.", rate_hz=22050), speak("Good morning.", rate_hz=44100)
        assert low.dtype == np.float32
        assert 0.5 < low.size / 22050 < 2
        assert high.size / 44100 == pytest.approx(low.size / 22050, abs=0.05)
        assert 0.1 < np.abs(low).max() <= 1

    def test_an_unknown_voice_is_named(self):
        with pytest.raises(SpeechError, match="no voice 'xx-martian'"):
            speak("Good morning.", voice="xx-martian")

    def test_sentences_stand_at_their_seconds_in_silence(self):
        track = speak_at([(1.0, "Good morning.")], duration_s=3, rate_hz=16000)
        assert track.shape == (48000,)
        assert not track[:16000].any()
        assert track[16000:20000].any()

    def test_speech_beyond_the_end_is_cut_off(self):
        track = speak_at([(0.5, "Good morning."), (9.0, "Good night.")], duration_s=1, rate_hz=16000)
        assert track.shape == (16000,)


class TestPortrait:
    def test_a_frame_is_an_rgb_picture_of_the_size_asked_for(self):
        picture = frame(Pose(), width=320, height=240)
        assert picture.shape == (240, 320, 3)
        assert picture.dtype == np.uint8

    def test_moving_lids_eyes_and_mouth_leaves_the_portrait_as_it_was(self):
        before = frame(Pose(), width=320, height=240)
        changed = frame(Pose(closed=1, gaze=0.5, mouth=1), width=320, height=240)
        assert not np.array_equal(changed, before)
        assert np.array_equal(frame(Pose(), width=320, height=240), before)

    def test_only_the_eyes_move_in_a_blink(self):
        opened, closed = (frame(Pose(closed=c), width=640, height=480).astype(int) for c in (0, 1))
        rows, columns = np.nonzero(np.abs(opened - closed).max(axis=2) > 8)
        assert 0 < rows.size < 0.01 * 640 * 480
        assert np.ptp(rows) < 60
        assert np.ptp(columns) < 200


class TestScript:
    def test_sentences_follow_each_other_and_are_enough_for_every_metric(self):
        ends = []
        for start_s, sentence in recording.SENTENCES:
            assert not ends or start_s > ends[-1] + 0.2
            ends.append(start_s + speak(sentence, rate_hz=44100, voice="en-us+f3").size / 44100)
        assert ends[-1] < recording.DURATION_S - 1
        assert sum(end - start for end, (start, _) in zip(ends, recording.SENTENCES, strict=True)) > 15

    def test_recognisers_see_the_face_the_blinks_and_the_look_aside(self):
        gaze, faces = Recognizer(), FacePass()
        gaze_samples, seen, step_s = [], 0, 0.1
        times = np.arange(90, 168) * step_s
        for time_s in times:
            picture = frame(recording.pose_at(time_s), width=recording.SIZE[0], height=recording.SIZE[1])
            shown = Frame(time_s, time_s + step_s, picture)
            samples = [faces.sample(shown, face) for face in faces.observe(shown)]
            seen += len(samples) == 1
            gaze_samples += [measured for sample in samples if (measured := gaze.measure(sample)) is not None]
        assert seen > 0.9 * len(times)

        observations = gaze.observations(gaze_samples)
        left_s = sum(o.duration_s for o in observations if o.label == "center_left" and 12.4 <= o.start_s < 15.4)
        assert left_s > 2.3
        for blink_s in (9.3, 12.1, 16.4):
            shut = [o for o in observations if blink_s - 0.1 < o.start_s < blink_s + 0.26]
            assert {"unknown", "bottom_center"} & {o.label for o in shut}, f"no blink at {blink_s} s"
        steady = [o for o in observations if 9.7 <= o.start_s < 12.0]
        assert sum(o.duration_s for o in steady if o.label == "center") > 0.9 * sum(o.duration_s for o in steady)


@pytest.mark.usefixtures("short_demo")
class TestFile:
    def test_is_a_recording_with_picture_and_sound(self, tmp_path):
        recording.write_demo_recording(tmp_path / "demo.mp4")
        info = probe(tmp_path / "demo.mp4")
        assert (info.width, info.height, info.has_audio) == (640, 480, True)
        assert info.duration_s == pytest.approx(3.0, abs=0.1)
        assert info.fps == pytest.approx(15, abs=0.5)
        assert (info.video_codec, info.audio_codec) == ("h264", "aac")

    def test_the_mouth_moves_with_the_sound_and_rests_in_silence(self, tmp_path):
        recording.write_demo_recording(tmp_path / "demo.mp4")
        info, faces = probe(tmp_path / "demo.mp4"), FacePass()
        seen = [
            (shown.start_s, mouth_openness(face.face))
            for shown in frames(tmp_path / "demo.mp4", info, fps=10, damage=Damage())
            for face in faces.observe(shown)
        ]
        silence, speech = movement_evidence(mouth_movement(*np.array(seen).T, np.array([0.6, 2.2])))
        assert silence < -1
        assert speech > 1

    def test_two_runs_write_the_same_file(self, tmp_path):
        for name in ("one.mp4", "two.mp4"):
            recording.write_demo_recording(tmp_path / name)
        assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()

    def test_the_command_writes_it(self, tmp_path):
        call_command("make_demo_recording", output=str(tmp_path / "demo.mp4"), verbosity=0)
        assert probe(tmp_path / "demo.mp4").has_audio

    def test_the_command_says_what_it_needs(self, tmp_path):
        with pytest.raises(CommandError, match=r"ends in \.mp4"):
            call_command("make_demo_recording", output=str(tmp_path / "demo.gif"))
        with pytest.raises(CommandError, match="could not be written"):
            call_command("make_demo_recording", output=str(tmp_path / "nowhere" / "demo.mp4"))
