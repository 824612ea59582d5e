"""Deep thinking against values computed by hand from the definition."""

import pytest

from tests.factories.timelines import compute, stretches


class TestDeepThinking:
    FACE = [(0, 11, "neutral"), (11, 11.5, "surprise"), (11.5, 40, "neutral")]
    GAZE = [(0, 12, "center"), (12, 16, "top_right"), (16, 40, "center")]

    def value(self, questions_s, *, gaze=GAZE, face=FACE, duration_s=40, **more):
        return compute(duration_s, questions_s, eye_gaze=gaze, facial_expression=face, **more)["deep_thinking"]

    def test_is_the_reflection_after_a_surprise_over_fifteen_seconds(self):
        metric = self.value([10])
        assert metric.value == pytest.approx(4 / 15)
        assert stretches(metric) == [(11, 11.5, "surprise"), (12, 16, "reflection")]
        assert [e.text for e in metric.evidence] == [
            "surprise in the face 1.0 s after the question",
            "looked away from the center for 4.0 s after the surprise",
        ]

    def test_needs_a_question(self):
        metric = self.value([])
        assert metric.value is None
        assert metric.reason == "no questions are marked"

    def test_ignores_marks_outside_the_recording_and_repeated_ones(self):
        assert self.value([10, 10, 40, 99, -1]).value == pytest.approx(4 / 15)
        assert self.value([40, 99, -1]).reason == "no questions are marked within the recording"

    def test_a_question_without_surprise_counts_with_no_reflection(self):
        # The second question could have been followed by 15 s as well (20 to 35).
        metric = self.value([10, 20])
        # From the surprise at 11 the first could fill only the 9 s until the second question.
        assert metric.value == pytest.approx(4 / (9 + 15))
        assert self.value([22]).value == 0.0

    def test_a_surprise_later_than_eight_seconds_does_not_count(self):
        assert self.value([2.9]).evidence == ()
        assert stretches(self.value([3.3]))[0] == (11, 11.5, "surprise")

    def test_a_surprise_after_the_next_question_belongs_to_that_question(self):
        metric = self.value([9, 10.5])
        assert metric.evidence[0].text == "surprise in the face 0.5 s after the question"
        assert metric.value == pytest.approx(4 / (1.5 + 15))

    def test_three_tenths_of_surprise_at_half_probability_are_needed(self):
        def face(end_s, confidence):
            return [(0, 11, "neutral"), (11, end_s, "surprise", confidence), (end_s, 40, "neutral")]

        assert self.value([10], face=face(11.3, 0.5)).value == pytest.approx(4 / 15)
        assert self.value([10], face=face(11.2, 0.9)).value == 0.0
        assert self.value([10], face=face(11.5, 0.49)).value == 0.0

    def test_a_surprise_already_there_at_the_mark_appears_at_the_mark(self):
        face = [(0, 9, "neutral"), (9, 11, "surprise"), (11, 40, "neutral")]
        metric = self.value([10], face=face)
        assert stretches(metric)[0] == (10, 11, "surprise")
        assert metric.value == pytest.approx(4 / 15)

    def test_the_eyes_signal_as_well_as_the_face_and_the_earlier_one_counts(self):
        metric = self.value([10], eye_emotion=[(0, 10.4, "fear", 0.3), (10.4, 10.8, "surprise", 0.6)])
        assert metric.evidence[0].text == "surprise in the eyes 0.4 s after the question"

    def test_reflection_ends_when_the_gaze_has_come_back_for_a_second(self):
        gaze = [(0, 12, "center"), (12, 13, "top_left"), (13, 13.9, "center"), (13.9, 15, "top_left"),
                (15, 16, "center"), (16, 20, "top_left"), (20, 40, "center")]  # fmt: skip
        metric = self.value([10], gaze=gaze)
        assert metric.value == pytest.approx((1 + 1.1) / 15)
        assert stretches(metric)[1] == (12, 15, "reflection")

    def test_reflection_is_counted_from_the_surprise_on_and_for_fifteen_seconds(self):
        gaze = [(0, 10, "center"), (10, 35, "top_left"), (35, 40, "center")]
        metric = self.value([10], gaze=gaze)
        assert metric.value == 1.0
        assert stretches(metric)[1] == (11, 26, "reflection")

    def test_reflection_stops_at_the_next_question_and_at_the_end(self):
        gaze = [(0, 10, "center"), (10, 35, "top_left"), (35, 40, "center")]
        assert self.value([10, 14], gaze=gaze).value == pytest.approx(3 / (3 + 15))
        assert self.value([10], gaze=gaze[:2], face=self.FACE[:2], duration_s=20).value == pytest.approx(9 / 9)

    def test_needs_gaze_and_face(self):
        gaze = compute(40, [10], facial_expression=self.FACE)["deep_thinking"]
        assert gaze.reason == "not enough data: the gaze could be read for 0 % of the recording, 40 % are needed"
        face = compute(40, [10], eye_gaze=self.GAZE)["deep_thinking"]
        assert face.reason == "not enough data: the face could be read for 0 % of the recording, 40 % are needed"
