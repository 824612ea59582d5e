"""Runners of the face modalities."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ml import artifacts
from ml.class_prior import ClassPrior
from ml.eye_gaze.geometry import GazeSample
from ml.faces.candidate import Candidate
from ml.faces.face_pass import FaceSample
from ml.faces.head_pose import HeadPose
from ml.faces.quality import FaceQuality
from ml.gaps import DAMAGED, FACE_SMALL, MOUTH_COVERED, NO_FACE, STILL_PICTURE, TOO_DARK, TURNED_AWAY
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION
from ml.offline.face_runners import ClassifierRunner, GazeRunner, face_runner

LABELS = ("b", "a")


def classifier(artifact):
    return SimpleNamespace(labels=LABELS, recognize=lambda picture: np.array([0.25, 0.75], np.float32))


@pytest.fixture(autouse=True)
def recognizers(monkeypatch) -> None:
    monkeypatch.setattr("ml.facial_expression.recognizer.Recognizer", classifier)
    monkeypatch.setattr("ml.eye_emotion.recognizer.Recognizer", classifier)


SHARP = FaceQuality(120.0, 50.0, 0.8, 0.4)
DARK = FaceQuality(13.0, 6.0, 0.8, 0.4)


def face(at_s: float, yaw_deg: float = 0.0, *, track: int = 1, quality: FaceQuality = SHARP) -> FaceSample:
    crop, strip = np.zeros((48, 48), np.uint8), np.zeros((40, 96), np.uint8)
    pose = HeadPose(yaw_deg, 0.0, 0.0, 60.0)
    return FaceSample(track, at_s, at_s + 0.1, crop, strip, (None, None), pose, quality)


def candidate(*tracks: int, live=((0.0, 10.0),)) -> Candidate:
    return Candidate(tracks=frozenset(tracks), live=list(live))


def timeline(runner, *tracks: int, **given):
    return runner.timeline(candidate(*tracks, **given), duration_s=10.0)


def run(runner, faces):
    runner.start()
    for one in faces:
        runner.submit(one)
    runner.finish()
    return runner


def finder(modality):
    return lambda: artifacts.find(modality)


def classifier_runner(modality):
    return ClassifierRunner(modality, finder(modality), corrects_prior=False)


def test_turned_faces_are_not_classified_and_their_time_is_counted():
    runner = classifier_runner(FACIAL_EXPRESSION)
    run(runner, [face(i / 10, yaw_deg) for i, yaw_deg in enumerate((0, 10, 30, -40, 20))])
    assert runner.problem == ""
    found = timeline(runner, 1)
    assert [o.start_s for o in found.observations] == pytest.approx([0.0, 0.1, 0.4])
    assert [(gap.start_s, gap.end_s, gap.reason) for gap in found.gaps] == [
        (0.2, 0.4, TURNED_AWAY),
        (0.5, 10.0, NO_FACE),
    ]
    assert timeline(runner, 2).gap_seconds() == {NO_FACE: 10.0}


def test_a_face_in_the_dark_leaves_a_gap_with_its_own_reason():
    faces = [face(0.0), face(0.1, quality=DARK), face(0.2, 40, quality=DARK), face(0.3, 40), face(0.4)]
    runner = run(classifier_runner(FACIAL_EXPRESSION), faces)
    gaps = [(gap.start_s, gap.end_s, gap.reason) for gap in timeline(runner, 1).gaps]
    assert gaps == [
        (0.1, pytest.approx(0.3), TOO_DARK),
        (pytest.approx(0.3), pytest.approx(0.4), TURNED_AWAY),
        (0.5, 10.0, NO_FACE),
    ]


def test_a_covered_mouth_withholds_the_face_and_not_the_eyes():
    hidden = candidate(1).with_mouth_covered([(0.1, 0.4), (20.0, 30.0)])
    assert hidden.mouth_covered == [(0.1, 0.4)]
    faces = [face(i / 10) for i in range(6)]
    expression = run(classifier_runner(FACIAL_EXPRESSION), faces)
    found = expression.timeline(hidden, duration_s=0.6)
    assert [o.start_s for o in found.observations] == pytest.approx([0.0, 0.4, 0.5])
    assert [(gap.start_s, gap.end_s, gap.reason) for gap in found.gaps] == [(0.1, 0.4, MOUTH_COVERED)]
    eyes = run(classifier_runner(EYE_EMOTION), faces)
    assert len(eyes.timeline(hidden, duration_s=0.6).observations) == 6


def test_what_is_read_of_a_still_picture_is_dropped_and_the_reason_kept():
    runner = run(classifier_runner(FACIAL_EXPRESSION), [face(i / 10) for i in range(8)])
    still = Candidate(tracks=frozenset({1}), live=[(0.0, 0.5)], causes=((STILL_PICTURE, [(0.5, 9.0)]),))
    found = runner.timeline(still, duration_s=9.0, causes=((DAMAGED, [(7.0, 8.0)]),))
    assert len(found.observations) == 5
    assert [gap.reason for gap in found.gaps] == [STILL_PICTURE, DAMAGED, STILL_PICTURE]


def test_the_timeline_has_the_labels_of_the_version_and_the_tracks_of_one_person():
    runner = classifier_runner(EYE_EMOTION)
    run(runner, [face(0.0, track=1), face(0.0, track=2), face(0.1, track=3)])
    found = timeline(runner, 1, 3)
    assert found.labels == LABELS
    assert [(o.start_s, o.label) for o in found.observations] == [(0.0, "a"), (0.1, "a")]
    assert [o.confidence for o in found.observations] == pytest.approx([0.75, 0.75])


def test_a_version_that_cannot_be_found_is_a_problem_in_words():
    def missing():
        raise artifacts.ArtifactMissing("gone")

    runner = run(ClassifierRunner(FACIAL_EXPRESSION, missing, corrects_prior=False), [face(0.0)])
    assert "facial-expression recogniser is not installed" in runner.problem
    assert runner.artifact is None
    assert not timeline(runner, 1).observations


@pytest.fixture
def gaze(monkeypatch):
    """A gaze recogniser whose samples are the times of the faces; ``calls`` has what it was given at the end."""
    calls = []

    def observations(samples, calibration):
        calls.append(([sample.start_s for sample in samples], calibration))
        return []

    def read(one):
        return FACE_SMALL if one.start_s > 1 else GazeSample(one.start_s, one.end_s, 0.0, 0.0, 0.3, 0.05)

    recognizer = SimpleNamespace(read=read, observations=observations, center=lambda *_: "Center is here.")
    monkeypatch.setattr("ml.eye_gaze.recognizer.Recognizer", lambda artifact: recognizer)
    return calls


def test_gaze_samples_become_observations_in_the_order_of_time(gaze):
    runner = run(
        GazeRunner(finder(EYE_GAZE), None, fps=10.0),
        [face(0.2, track=2), face(0.1, track=1), face(5.0)],
    )
    assert timeline(runner, 1, 2).gaps[1].reason == FACE_SMALL
    assert gaze == [([0.1, 0.2], None)]
    assert runner.notice == "Center is here."


def test_a_calibration_that_cannot_be_used_is_ignored_with_a_notice(gaze):
    runner = run(
        face_runner(EYE_GAZE, finder(EYE_GAZE), calibration={"features": 99}, fps=10.0, corrects_prior=False),
        [face(0.0)],
    )
    timeline(runner, 1)
    assert gaze == [([0.0], None)]
    assert runner.notice == "The gaze calibration of this session could not be used. Center is here."


def test_gaze_is_measured_ten_times_a_second_and_holds_in_between(gaze):
    runner = GazeRunner(finder(EYE_GAZE), None, fps=25.0)
    run(runner, [replace(face(0.04 * i), end_s=0.04 * (i + 1)) for i in range(10)])
    spans = [(sample.start_s, sample.end_s) for sample in runner._results[1]]
    assert np.round(spans, 2).tolist() == [[0.0, 0.08], [0.08, 0.16], [0.16, 0.28], [0.28, 0.36], [0.36, 0.4]]


def test_gaze_of_every_frame_is_measured_at_ten_frames_a_second(gaze):
    runner = run(GazeRunner(finder(EYE_GAZE), None, fps=10.0), [face(at_s) for at_s in (0.0, 0.04, 0.2)])
    assert len(runner._results[1]) == 3


@pytest.mark.parametrize(("corrects_prior", "label"), [(True, "b"), (False, "a")])
def test_the_class_prior_is_corrected_for_unless_the_organization_turns_that_off(corrects_prior, label):
    prior = ClassPrior(training=(0.5, 0.5), use=(0.9, 0.1), source="a survey")
    artifact = artifacts.find(FACIAL_EXPRESSION)
    artifact = replace(artifact, manifest=replace(artifact.manifest, labels=LABELS, class_prior=prior))
    runner = ClassifierRunner(FACIAL_EXPRESSION, lambda: artifact, corrects_prior=corrects_prior)
    run(runner, [face(i / 10) for i in range(4)])
    assert runner.problem == ""
    assert runner.class_prior == (prior if corrects_prior else None)
    read = [(one.label, one.confidence) for one in timeline(runner, 1).observations]
    assert read == [(label, pytest.approx(0.75))] * 4
