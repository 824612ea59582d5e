"""From a recording to four timelines, whatever the recording lacks."""

import itertools
import math
import re
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.pipeline import AnalysisStopped, MediaError, Options, Progress, analyze_recording
from ml import artifacts
from ml.demo.portrait import Pose
from ml.eye_emotion.labels import LABELS as EYE_EMOTIONS
from ml.facial_expression.labels import LABELS as EXPRESSIONS
from ml.gaps import DAMAGED, TOO_DARK
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION, MODALITIES, SPEECH_EMOTION
from ml.timeline import UNKNOWN
from tests.factories.media import make_recording, make_text_file, swaying
from tests.factories.odd_media import damaged, with_tracks

FACE_MODALITIES = (FACIAL_EXPRESSION, EYE_EMOTION, EYE_GAZE)
SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "videos"
HAS_SAMPLES = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample recordings are not on this machine")


class Recognizes:
    """Stands in for a network of either face modality: the same answer for every cut."""

    artifact = None

    def __init__(self, labels: tuple[str, ...]) -> None:
        self.labels = labels
        self.answer = np.full(len(labels), 0.3 / (len(labels) - 1), np.float32)
        self.answer[3] = 0.7

    def recognize(self, cut: np.ndarray) -> np.ndarray:
        assert cut.dtype == np.uint8
        return self.answer


class Breaks(Recognizes):
    def recognize(self, cut: np.ndarray) -> np.ndarray:
        raise RuntimeError("out of memory")


class Hears:
    """Stands in for voice activity and speech emotion: takes all the sound, labels the first second."""

    def __init__(self, recognizer, shadow=None):
        pass

    def analyze(self, chunks, duration_s):
        from ml.speech_emotion.analyzer import SpeechAnalysis
        from ml.speech_emotion.labels import LABELS
        from ml.timeline import Observation, Timeline

        heard_s = sum(len(samples) / 44100 for _, samples in chunks)
        timeline = Timeline(SPEECH_EMOTION, LABELS, (Observation(0.0, 1.0, "calm", 1.0, (0.0, 1.0, *[0.0] * 6)),))
        return SpeechAnalysis(timeline, speech_s=heard_s, voice=((0.0, heard_s),))


NEAR_THE_CAMERA = (
    "Center is this person's own main direction, usually within about 10 degrees of the camera: there was no gaze "
    "calibration to place it."
)


def talking(time_s: float) -> Pose:
    """A face whose mouth opens and closes three times a second."""
    return replace(swaying(time_s), mouth=abs(math.sin(3 * math.pi * time_s)))


@pytest.fixture(autouse=True)
def networks(monkeypatch) -> None:
    """No trained weights: what is tested is everything around them. Gaze is geometry and stays the real one."""
    monkeypatch.setattr("ml.facial_expression.recognizer.Recognizer", lambda _: _with_identity(Recognizes(EXPRESSIONS)))
    monkeypatch.setattr("ml.eye_emotion.recognizer.Recognizer", lambda _: _with_identity(Recognizes(EYE_EMOTIONS)))
    monkeypatch.setattr("ml.speech_emotion.recognizer.Recognizer", lambda _: None)
    monkeypatch.setattr("ml.offline.speech_runner.SpeechAnalyzer", Hears)


def _with_identity(recognizer: Recognizes) -> Recognizes:
    recognizer.artifact = artifacts.find(EYE_GAZE)
    return recognizer


@pytest.fixture(scope="module")
def interview(tmp_path_factory) -> Path:
    """Three seconds of one face that talks and blinks."""
    return make_recording(tmp_path_factory.mktemp("interview") / "interview.mp4", duration_s=3.0, pose=talking)


def test_interview_gives_four_timelines_within_its_duration(interview):
    analysis = analyze_recording(interview)
    assert tuple(analysis.modalities) == MODALITIES
    assert len(analysis.sha256) == 64
    little_speech = "Only 1.0 s of speech were found; what depends on the voice needs 10 s."
    for key, modality in analysis.modalities.items():
        assert modality.available
        assert modality.reason == {SPEECH_EMOTION: little_speech, EYE_GAZE: NEAR_THE_CAMERA}.get(key, "")
        observations = modality.timeline.observations
        assert observations[0].start_s >= 0
        assert observations[-1].end_s <= analysis.info.duration_s + 0.05
        for one, following in itertools.pairwise(observations):
            assert one.end_s <= following.start_s + 1e-6
    assert analysis.modalities[FACIAL_EXPRESSION].timeline.coverage(analysis.info.duration_s) > 0.9
    assert analysis.modalities[FACIAL_EXPRESSION].timeline.shares()["happy"] == 1
    assert analysis.modalities[EYE_EMOTION].timeline.counts()["happiness"] == 30
    gaze = analysis.modalities[EYE_GAZE].timeline.counts()
    assert gaze["center"] > 20
    assert 1 <= gaze[UNKNOWN] <= 4
    assert analysis.modalities[EYE_GAZE].model.version == artifacts.find(EYE_GAZE).manifest.version
    assert analysis.faces["max_simultaneous"] == 1
    assert analysis.faces["visible_share"] > 0.9


def test_timing_says_where_the_time_went(interview):
    timing = analyze_recording(interview).timing
    assert timing["wall_s"] > timing["decode_s"] > 0
    assert timing["realtime_factor"] == pytest.approx(3.0 / timing["wall_s"], rel=0.1)
    assert {f"{key}_s" for key in MODALITIES} < timing.keys()


def test_rate_of_the_analysis_is_an_option(interview):
    analysis = analyze_recording(interview, options=Options(fps=5))
    assert len(analysis.modalities[FACIAL_EXPRESSION].timeline.observations) == 15
    assert analysis.modalities[FACIAL_EXPRESSION].timeline.coverage(3.0) > 0.9


def test_progress_never_goes_back_and_names_what_is_done(interview):
    reports: list[Progress] = []
    analyze_recording(interview, progress=reports.append)
    fractions = [report.fraction for report in reports]
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] <= fractions[-1] <= 1
    assert len({report.stage for report in reports}) >= 3
    assert all(report.stage for report in reports)


class TestWhatIsMissing:
    def test_nobody_in_the_picture(self, tmp_path):
        path = make_recording(tmp_path / "a.mp4", duration_s=1.0, face="none")
        analysis = analyze_recording(path)
        for key in FACE_MODALITIES:
            assert not analysis.modalities[key].available
            assert analysis.modalities[key].reason == "No face was found in this recording."
            assert analysis.modalities[key].timeline.observations == ()
        assert analysis.modalities[SPEECH_EMOTION].available

    def test_no_audio_track(self, tmp_path):
        analysis = analyze_recording(make_recording(tmp_path / "a.mp4", duration_s=1.0, audio=None))
        speech = analysis.modalities[SPEECH_EMOTION]
        assert (speech.available, speech.reason) == (False, "This recording has no audio track.")
        assert analysis.modalities[FACIAL_EXPRESSION].available

    def test_no_picture(self, interview, tmp_path):
        path = with_tracks(tmp_path / "a.mkv", [(interview, "audio")])
        with pytest.raises(MediaError, match="sound but no picture"):
            analyze_recording(path)
        analysis = analyze_recording(path, options=Options(needs_picture=False))
        for key in FACE_MODALITIES:
            assert analysis.modalities[key].reason == "This recording has sound, but no picture."
        assert analysis.modalities[SPEECH_EMOTION].timeline.observations

    def test_stretch_without_pictures(self, tmp_path):
        whole = make_recording(tmp_path / "whole.mp4", duration_s=6.0)
        analysis = analyze_recording(damaged(whole, tmp_path / "a.mp4", kind="video", between_s=(3.0, 7.0)))
        (note,) = analysis.notes
        assert "The picture is damaged from" in note
        gaps = analysis.modalities[EYE_GAZE].timeline.gap_seconds()
        assert gaps[DAMAGED] == pytest.approx(3.0, abs=0.4)

    def test_face_that_is_gone_most_of_the_time(self, tmp_path):
        path = make_recording(tmp_path / "a.mp4", duration_s=4.0, face_gone_s=(1.0, 4.0))
        analysis = analyze_recording(path)
        expression = analysis.modalities[FACIAL_EXPRESSION]
        assert expression.available
        assert expression.timeline.coverage(4.0) == pytest.approx(0.25, abs=0.05)
        assert expression.reason.startswith("The face was visible for 2")
        assert expression.reason.endswith(" % of the recording.")

    def test_face_in_the_dark_is_withheld_with_its_seconds(self, tmp_path):
        path = make_recording(tmp_path / "a.mp4", duration_s=4.0, dark_s=(1.0, 3.0), size=(640, 480), audio=None)
        analysis = analyze_recording(path)
        for key in FACE_MODALITIES:
            modality = analysis.modalities[key]
            dark = [gap for gap in modality.timeline.gaps if gap.reason == TOO_DARK]
            assert dark[0].start_s == pytest.approx(1.0, abs=0.15)
            assert dark[-1].end_s == pytest.approx(3.0, abs=0.15)
            assert sum(gap.duration_s for gap in dark) > 1.7
            assert "The picture was too dark to read the" in modality.reason
            assert not any(1.15 < o.start_s < 2.85 for o in modality.timeline.observations)

    def test_file_that_is_no_recording(self, tmp_path):
        with pytest.raises(MediaError, match="not a video recording"):
            analyze_recording(make_text_file(tmp_path / "a.mp4"))


def reference_of(reason: str, part: str) -> str:
    """Under which the log has the error that a recruiter does not read."""
    found = re.fullmatch(rf"The {part} stopped because of an internal error \((reference [0-9A-F]{{8}})\)\.", reason)
    assert found, reason
    return found[1]


class TestWhatBreaks:
    def test_failing_recogniser_takes_nobody_down(self, interview, monkeypatch, caplog):
        monkeypatch.setattr("ml.facial_expression.recognizer.Recognizer", lambda _: Breaks(EXPRESSIONS))
        analysis = analyze_recording(interview)
        broken = analysis.modalities[FACIAL_EXPRESSION]
        assert not broken.available
        assert reference_of(broken.reason, "facial-expression recogniser") in caplog.text
        assert "out of memory" in caplog.text
        assert all(analysis.modalities[key].available for key in MODALITIES if key != FACIAL_EXPRESSION)

    def test_missing_weights_are_named_and_their_fix_is_logged(self, interview, monkeypatch, caplog):
        from ml.artifacts import ArtifactMissing

        def missing(_):
            raise ArtifactMissing("Version 'v9' of eye_emotion is not installed. Train it.")

        monkeypatch.setattr("ml.eye_emotion.recognizer.Recognizer", missing)
        modality = analyze_recording(interview).modalities[EYE_EMOTION]
        assert (modality.available, modality.model) == (False, None)
        assert modality.reason == (
            "The model of the eye-emotion recogniser is not installed on this server; ask your administrator."
        )
        assert "Version 'v9' of eye_emotion is not installed. Train it." in caplog.text

    def test_missing_face_networks_leave_the_voice(self, interview, monkeypatch, caplog):
        monkeypatch.setattr("ml.faces.models.PACKAGE", "package_that_is_not_there")
        analysis = analyze_recording(interview)
        for key in FACE_MODALITIES:
            assert analysis.modalities[key].reason == (
                "The model of the search for faces cannot be used on this server; ask your administrator."
            )
        assert "make setup" in caplog.text
        assert analysis.modalities[SPEECH_EMOTION].available

    def test_failing_search_for_faces_leaves_the_voice(self, interview, monkeypatch):
        def fail(*_):
            raise RuntimeError("no")

        monkeypatch.setattr("ml.faces.tracker.FaceTracker.update", fail)
        analysis = analyze_recording(interview)
        assert reference_of(analysis.modalities[EYE_GAZE].reason, "search for faces")
        assert analysis.modalities[SPEECH_EMOTION].available

    def test_failing_voice_leaves_the_faces(self, interview, monkeypatch):
        def fail(*_):
            raise RuntimeError("no voice")

        monkeypatch.setattr(Hears, "analyze", fail)
        analysis = analyze_recording(interview)
        assert reference_of(analysis.modalities[SPEECH_EMOTION].reason, "speech-emotion recogniser")
        assert analysis.modalities[FACIAL_EXPRESSION].available


class TestStopping:
    def test_stop_is_heard_at_once_and_leaves_no_thread(self, interview):
        before = threading.active_count()
        asked_at: list[float] = []

        def stop() -> bool:
            asked_at.append(time.monotonic())
            return len(asked_at) > 5

        with pytest.raises(AnalysisStopped):
            analyze_recording(interview, should_stop=stop)
        assert time.monotonic() - asked_at[5] < 1.0
        deadline = time.monotonic() + 2
        while threading.active_count() > before and time.monotonic() < deadline:
            threading.Event().wait(0.02)
        assert threading.active_count() <= before

    def test_stop_is_heard_while_only_the_sound_is_left(self, interview, monkeypatch):
        released = threading.Event()
        monkeypatch.setattr(Hears, "analyze", lambda *_: released.wait(20))
        listening_since: list[float] = []

        def show(report: Progress) -> None:
            if report.stage == "Listening to the end":
                listening_since.append(time.monotonic())

        with pytest.raises(AnalysisStopped):
            analyze_recording(interview, progress=show, should_stop=lambda: bool(listening_since))
        assert time.monotonic() - listening_since[0] < 1.0
        released.set()


class TestOddRecordings:
    def test_larger_of_two_faces_is_the_candidate(self, tmp_path):
        path = make_recording(tmp_path / "a.mp4", duration_s=2.0, size=(640, 240), face="two")
        analysis = analyze_recording(path)
        assert analysis.faces["max_simultaneous"] == 2
        # One observation per frame: nobody else's are mixed in.
        assert len(analysis.modalities[FACIAL_EXPRESSION].timeline.observations) == 20

    def test_browser_recording_with_a_hole_and_no_duration(self, tmp_path):
        path = make_recording(tmp_path / "a.webm", duration_s=4.0, vfr=True, declare_duration=False)
        analysis = analyze_recording(path)
        coverage = analysis.modalities[FACIAL_EXPRESSION].timeline.coverage(analysis.info.duration_s)
        assert analysis.info.duration_s == pytest.approx(4.0, abs=0.3)
        assert 0.6 < coverage < 0.9

    @pytest.mark.parametrize("rotation", [90, 270])
    def test_portrait_from_a_telephone(self, tmp_path, rotation):
        path = make_recording(tmp_path / "a.mp4", duration_s=1.0, size=(240, 320), rotation=rotation)
        analysis = analyze_recording(path)
        assert analysis.faces["visible_share"] > 0.9
        assert (analysis.info.width, analysis.info.height) == (240, 320)

    def test_audio_stream_listed_first(self, tmp_path):
        analysis = analyze_recording(make_recording(tmp_path / "a.mp4", duration_s=1.0, audio_first=True))
        assert all(modality.available for modality in analysis.modalities.values())

    def test_face_turned_away_is_not_classified_but_its_gaze_is(self, interview, monkeypatch):
        from ml.faces.head_pose import HeadPose

        monkeypatch.setattr("ml.faces.face_pass.head_pose", lambda face: HeadPose(60.0, 0.0, 0.0, 60.0))
        analysis = analyze_recording(interview)
        expression = analysis.modalities[FACIAL_EXPRESSION]
        assert (expression.available, expression.timeline.observations) == (False, ())
        assert expression.reason == (
            "A face was found, but the candidate's face could not be read. "
            "The face was turned too far away to be read for 100 % of the recording."
        )
        assert analysis.modalities[EYE_GAZE].available

    def test_candidate_who_looks_aside_for_a_while(self, tmp_path):
        # About 14 degrees: the drawn iris is true there. Drawn at 33 degrees, farther out than any area's target, the
        # corners of the eyes go with it.
        def pose(time_s: float) -> Pose:
            return replace(talking(time_s), gaze=-0.5 if 2.0 <= time_s < 3.0 else 0.0)

        gaze = analyze_recording(make_recording(tmp_path / "a.mp4", duration_s=4.0, pose=pose)).modalities[EYE_GAZE]
        aside = [o for o in gaze.timeline.observations if o.label == "center_right"]
        assert sum(o.duration_s for o in aside) == pytest.approx(1.0, abs=0.25)
        assert aside[0].start_s == pytest.approx(2.0, abs=0.15)


@HAS_SAMPLES
class TestRealRecordings:
    def test_two_people_on_a_podium(self):
        analysis = analyze_recording(SAMPLES / "10_two_faces_podium_9s.mp4")
        assert analysis.faces["max_simultaneous"] == 2
        assert analysis.faces["visible_share"] > 0.95
        # Eyes less than 20 pixels apart: single readings are noisy, the middle is still where most of them are.
        assert analysis.modalities[EYE_GAZE].timeline.shares()["center"] > 0.7

    def test_toys_are_no_faces(self):
        analysis = analyze_recording(SAMPLES / "14_no_face_with_audio_6s.mp4")
        assert not analysis.modalities[FACIAL_EXPRESSION].available

    def test_title_picture_before_the_face(self):
        analysis = analyze_recording(SAMPLES / "15_noface_then_face_6s.mov")
        timeline = analysis.modalities[FACIAL_EXPRESSION].timeline
        assert timeline.observations[0].start_s == pytest.approx(4.0, abs=0.15)
        assert analysis.modalities[FACIAL_EXPRESSION].reason == "The face was visible for 37 % of the recording."


def test_importing_the_pipeline_loads_nothing_heavy():
    code = (
        "import sys; import analysis.pipeline; "
        "heavy = {'av', 'cv2', 'numpy', 'tensorflow', 'librosa', 'ai_edge_litert'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=60, cwd=root)


def test_calibration_that_cannot_be_used_is_passed_over_and_said(tmp_path):
    recording = make_recording(tmp_path / "a.mp4", duration_s=1.0, audio=None)
    found = analyze_recording(recording, options=Options(gaze_calibration={"features": 0}))
    gaze = found.modalities[EYE_GAZE]
    assert gaze.available
    assert gaze.reason.startswith("The gaze calibration of this session could not be used. Center is this person's own")


class TestChosenVersions:
    """Folders of versions instead of the shipped defaults, and a second version beside them."""

    @pytest.fixture
    def folders(self) -> dict[str, Path]:
        return {key: Path("versions") / key / "v1" for key in MODALITIES}

    @pytest.fixture(autouse=True)
    def at(self, monkeypatch) -> list[Path]:
        """Which folders were loaded."""
        from ml import artifacts

        loaded: list[Path] = []
        gaze = artifacts.find(EYE_GAZE)

        def at(folder):
            loaded.append(folder)
            return gaze

        monkeypatch.setattr(artifacts, "at", at)
        return loaded

    def test_the_given_versions_read(self, interview, folders, at):
        analysis = analyze_recording(interview, models=folders)
        assert sorted(at) == sorted(folders.values())
        assert all(modality.available for modality in analysis.modalities.values())
        assert analysis.shadows == {}

    def test_a_modality_without_a_version_is_out_of_service_alone(self, interview, folders):
        del folders[EYE_EMOTION], folders[SPEECH_EMOTION]
        analysis = analyze_recording(interview, models=folders)
        for key, part in ((EYE_EMOTION, "eye-emotion"), (SPEECH_EMOTION, "speech-emotion")):
            assert analysis.modalities[key].reason == (
                f"The model of the {part} recogniser cannot be used on this server; ask your administrator."
            )
        assert analysis.modalities[FACIAL_EXPRESSION].available
        assert analysis.modalities[EYE_GAZE].available

    def test_a_shadow_reads_the_same_pictures(self, interview, folders, at):
        shadow = Path("versions/facial_expression/v2")
        analysis = analyze_recording(interview, models=folders, shadows={FACIAL_EXPRESSION: shadow})
        assert shadow in at
        assert tuple(analysis.shadows) == (FACIAL_EXPRESSION,)
        assert analysis.shadows[FACIAL_EXPRESSION].timeline == analysis.modalities[FACIAL_EXPRESSION].timeline

    def test_a_failing_shadow_takes_nothing_down(self, interview, folders, monkeypatch):
        from ml import artifacts

        at = artifacts.at
        shadow = Path("versions/facial_expression/v2")

        def refuse(folder):
            if folder == shadow:
                raise artifacts.ArtifactDamaged("The file of facial_expression v2 is damaged.")
            return at(folder)

        monkeypatch.setattr(artifacts, "at", refuse)
        analysis = analyze_recording(interview, models=folders, shadows={FACIAL_EXPRESSION: shadow})
        assert analysis.modalities[FACIAL_EXPRESSION].available
        assert not analysis.shadows[FACIAL_EXPRESSION].available
        assert "cannot be used" in analysis.shadows[FACIAL_EXPRESSION].reason


def test_what_is_not_to_be_read_is_not_computed(interview, monkeypatch):
    monkeypatch.setattr("ml.facial_expression.recognizer.Recognizer", lambda _: pytest.fail("loaded"))
    monkeypatch.setattr("ml.offline.speech_runner.SpeechAnalyzer", lambda *_, **__: pytest.fail("loaded"))
    analysis = analyze_recording(interview, options=Options(modalities=(EYE_GAZE,)))
    assert tuple(analysis.modalities) == (EYE_GAZE,)
    assert analysis.modalities[EYE_GAZE].available


def test_without_anything_to_read_from_it_no_face_is_searched_for(interview, monkeypatch):
    monkeypatch.setattr("ml.offline.video_pass.FacePass", lambda *_, **__: pytest.fail("searched"))
    analysis = analyze_recording(interview, options=Options(modalities=(SPEECH_EMOTION,)))
    assert tuple(analysis.modalities) == (SPEECH_EMOTION,)
    assert analysis.modalities[SPEECH_EMOTION].timeline.counts()["calm"] == 1
    assert not analysis.people
