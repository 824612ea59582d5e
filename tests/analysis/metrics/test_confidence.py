"""Confidence against values computed by hand from the definition."""

from dataclasses import replace

import pytest

from analysis.metrics.computing import metrics_compute
from ml.gaps import OTHER_PERSON, SPEAKER_UNKNOWN
from ml.modalities import SPEECH_EMOTION
from ml.timeline import Gap
from tests.factories.timelines import compute, stretches, timelines_of


class TestConfidence:
    FACE = [(0, 20, "neutral")]

    def value(self, speech, *, face=FACE, duration_s=20, **more):
        return compute(duration_s, speech_emotion=speech, facial_expression=face, **more)["confidence"]

    def test_is_the_share_of_steady_speech(self):
        speech = [(0, 3, "neutral"), (3, 6, "calm"), (6, 9, "happy"), (10, 13, "sad")]
        metric = self.value(speech)
        assert metric.value == pytest.approx(9 / 12)
        assert stretches(metric) == [(10, 13, "unsteady")]
        assert metric.evidence[0].text == "voice read as sad for 3.0 s"
        assert metric.coverage == pytest.approx(12 / 20)

    def test_discounts_speech_with_disgust_or_anger_in_face_or_eyes_once(self):
        face = [(0, 5, "neutral"), (5, 7, "angry", 0.8), (7, 20, "neutral")]
        eyes = [(6, 8, "disgust", 0.5), (8, 9, "anger", 0.49)]
        metric = self.value([(0, 12, "calm")], face=face, eye_emotion=eyes)
        assert metric.value == pytest.approx((12 - 3) / 12)
        assert stretches(metric) == [(5, 8, "undesired")]
        assert metric.evidence[0].text == "anger in the face and disgust in the eyes while speaking, for 3.0 s"

    def test_what_the_face_shows_in_silence_does_not_count(self):
        face = [(0, 11, "neutral"), (11, 15, "disgust"), (15, 20, "neutral")]
        metric = self.value([(0, 12, "calm"), (14, 16, "calm")], face=face)
        assert metric.value == pytest.approx((14 - 2) / 14)
        assert stretches(metric) == [(11, 12, "undesired"), (14, 15, "undesired")]

    def test_is_never_negative(self):
        assert self.value([(0, 12, "sad")], face=[(0, 20, "angry")]).value == 0.0

    def test_needs_ten_seconds_of_speech(self):
        assert self.value([(0, 4, "calm"), (5, 11, "calm")]).value == 1.0
        metric = self.value([(0, 4, "calm"), (5, 10.97, "calm")])
        assert metric.value is None
        assert metric.reason == "not enough data: 9.9 s of speech were found, 10 s are needed"

    def test_needs_a_face_because_nothing_could_be_discounted_without_one(self):
        metric = self.value([(0, 12, "calm")], face=[(0, 7, "neutral")])
        assert metric.value is None
        assert metric.reason == "not enough data: the face could be read for 35 % of the recording, 40 % are needed"
        assert self.value([(0, 12, "calm")], face=[], eye_emotion=[(0, 8, "fear", 0.3)]).value == 1.0

    def test_speech_of_others_does_not_make_up_for_the_candidates(self):
        timelines = timelines_of(speech_emotion=[(0, 6, "calm")], facial_expression=self.FACE)
        speech = replace(timelines[SPEECH_EMOTION], gaps=(Gap(6, 16, OTHER_PERSON),))
        metric = metrics_compute(timelines=timelines | {SPEECH_EMOTION: speech}, questions_s=(), duration_s=20)
        assert metric["confidence"].value is None
        assert metric["confidence"].reason == (
            "not enough data: 6.0 s of speech of the candidate were found, 10 s are needed"
        )

    @pytest.mark.parametrize(("unknown_s", "is_withheld"), [(5, False), (14, True)])
    def test_is_withheld_where_most_of_the_speech_may_be_somebody_elses(self, unknown_s, is_withheld):
        timelines = timelines_of(speech_emotion=[(0, 12, "calm")], facial_expression=[(0, 30, "neutral")])
        speech = replace(timelines[SPEECH_EMOTION], gaps=(Gap(13, 13 + unknown_s, SPEAKER_UNKNOWN),))
        metric = metrics_compute(timelines=timelines | {SPEECH_EMOTION: speech}, questions_s=(), duration_s=30)
        assert (metric["confidence"].value is None) is is_withheld
        assert ("cannot be determined" in metric["confidence"].reason) is is_withheld
