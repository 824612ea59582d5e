"""Potential lie against values computed by hand from the definition."""

import pytest

from tests.factories.timelines import compute, stretches


class TestPotentialLie:
    FACE = [(0, 10, "neutral"), (10, 20, "sad", 0.7), (20, 30, "neutral")]

    def value(self, speech, *, face=FACE, duration_s=30, **more):
        return compute(duration_s, speech_emotion=speech, facial_expression=face, **more)["potential_lie"]

    def test_counts_an_accompanied_disturbance_after_calm_speech(self):
        metric = self.value([(0, 3, "calm"), (3, 6, "neutral"), (10, 13, "angry"), (13, 17, "sad")])
        assert metric.value == pytest.approx(7 / 13)
        assert stretches(metric) == [(10, 17, "incongruence")]
        assert metric.evidence[0].text == (
            "after 6.0 s of steady voice, voice read as sad and angry for 7.0 s, "
            "with sadness in the face during 7.0 s of it"
        )

    def test_needs_three_seconds_of_calm_before(self):
        speech = [(0, 4, "sad"), (6, 9, "calm"), (10, 16, "angry")]
        assert self.value(speech).value == pytest.approx(6 / 13)
        speech = [(0, 4, "sad"), (6, 8.9, "calm"), (10, 16, "angry")]
        assert self.value(speech).value == 0.0

    def test_pauses_do_not_undo_the_calm_before(self):
        speech = [(0, 2, "calm"), (4, 6, "happy"), (10, 16, "angry")]
        assert self.value(speech).value == pytest.approx(6 / 10)

    def test_needs_six_seconds_without_a_longer_pause(self):
        assert self.value([(0, 6, "calm"), (10, 15.9, "angry")]).value == 0.0
        assert self.value([(0, 6, "calm"), (10, 13, "angry"), (13.5, 16.5, "angry")]).value == 0.0
        metric = self.value([(0, 6, "calm"), (10, 13, "angry"), (13.4, 16.4, "angry")])
        assert metric.value == pytest.approx(6 / 12)  # the bridged pause is no speech
        assert stretches(metric) == [(10, 16.4, "incongruence")]

    def test_needs_another_face_for_half_of_it(self):
        speech = [(0, 6, "calm"), (7, 13, "angry")]
        assert self.value(speech).value == pytest.approx(6 / 12)
        speech = [(0, 6, "calm"), (6.9, 12.9, "angry")]
        assert self.value(speech).value == 0.0

    def test_face_and_eyes_together_make_the_half_and_happiness_does_not(self):
        speech = [(0, 6, "calm"), (7, 13, "angry")]
        face = [(0, 7, "neutral"), (7, 8.5, "fear", 0.5), (8.5, 30, "neutral")]
        eyes = [(9, 10.5, "sadness", 0.5), (10.5, 13, "happiness", 0.9)]
        metric = self.value(speech, face=face, eye_emotion=eyes)
        assert metric.value == pytest.approx(6 / 12)
        assert "with fear in the face and sadness in the eyes during 3.0 s of it" in metric.evidence[0].text
        weak = [(9, 10.5, "sadness", 0.49)]
        assert self.value(speech, face=face, eye_emotion=weak).value == 0.0

    def test_needs_speech_and_a_face(self):
        assert self.value([]).reason == "not enough data: no speech was found, 10 s are needed"
        assert self.value([(0, 9, "calm")]).value is None
        assert self.value([(0, 12, "calm")], face=[]).value is None
