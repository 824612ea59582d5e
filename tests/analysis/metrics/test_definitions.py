"""Each metric against values computed by hand from the definition."""

import json
import subprocess
import sys
import time

import pytest

from analysis.metrics.definitions import METRICS, V1, metrics_compute
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION, SPEECH_EMOTION
from ml.timeline import Observation, Timeline

LABELS = {
    FACIAL_EXPRESSION: ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"),
    EYE_EMOTION: ("anger", "disgust", "fear", "happiness", "sadness", "surprise"),
    EYE_GAZE: (
        *("top_left", "top_center", "top_right", "center_left", "center", "center_right"),
        *("bottom_left", "bottom_center", "bottom_right"),
    ),
    SPEECH_EMOTION: ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"),
}


def timelines_of(**intervals):
    """Timelines given as ``modality=[(start, end, label) or (start, end, label, confidence)]``."""
    return {
        key: Timeline(
            key,
            LABELS[key],
            tuple(Observation(start, end, label, *(rest or [0.9])) for start, end, label, *rest in rows),
        )
        for key, rows in intervals.items()
    }


def compute(duration_s, questions_s=(), **intervals):
    return metrics_compute(timelines=timelines_of(**intervals), questions_s=questions_s, duration_s=duration_s)


def stretches(metric):
    return [(round(e.start_s, 3), round(e.end_s, 3), e.kind) for e in metric.evidence]


class TestAttentiveness:
    def value(self, duration_s, gaze):
        return compute(duration_s, eye_gaze=gaze)["attentiveness"]

    def test_is_the_share_of_contact_when_no_look_away_is_prolonged(self):
        metric = self.value(10, [(0, 6, "center"), (6, 7.9, "top_left"), (7.9, 10, "center")])
        assert metric.value == pytest.approx(8.1 / 10)
        assert metric.evidence == ()
        assert metric.definition == "v1"

    def test_discounts_half_of_each_prolonged_look_away(self):
        metric = self.value(10, [(0, 6, "center"), (6, 9, "center_left"), (9, 10, "center")])
        assert metric.value == pytest.approx((7 - 0.5 * 3) / 10)
        assert stretches(metric) == [(6, 9, "look_away")]
        assert metric.evidence[0].text == "looked to the candidate's left for 3.0 s"

    def test_a_look_away_of_exactly_two_seconds_is_prolonged(self):
        metric = self.value(10, [(0, 6.1, "center"), (6.1, 8.1, "top_center"), (8.1, 10, "center")])
        assert metric.value == pytest.approx((8 - 0.5 * 2) / 10)
        assert metric.evidence[0].text == "looked up for 2.0 s"

    def test_a_look_away_goes_on_while_its_direction_changes(self):
        gaze = [(0, 6, "center"), (6, 7.5, "top_left"), (7.5, 8.5, "center_left"), (8.5, 10, "center")]
        metric = self.value(10, gaze)
        assert metric.value == pytest.approx((7.5 - 0.5 * 2.5) / 10)
        assert metric.evidence[0].text == "looked away, mostly up and to the candidate's left, for 2.5 s"

    def test_a_blink_does_not_interrupt_a_look_away(self):
        gaze = [(0, 6, "center"), (6, 7, "center_right"), (7, 7.3, "unknown"), (7.3, 8.3, "center_right"),
                (8.3, 10, "center")]  # fmt: skip
        metric = self.value(10, gaze)
        # 7.7 s of contact, an episode of 2.3 s, 9.7 s observed: the blink itself is not observed time.
        assert metric.value == pytest.approx((7.7 - 0.5 * 2.3) / 9.7)
        assert stretches(metric) == [(6, 8.3, "look_away")]

    def test_closed_eyes_of_blink_length_or_more_end_a_look_away(self):
        gaze = [(0, 6, "center"), (6, 7, "center_right"), (7, 7.4, "unknown"), (7.4, 8.6, "center_right"),
                (8.6, 10, "center")]  # fmt: skip
        metric = self.value(10, gaze)
        assert metric.value == pytest.approx(7.4 / 9.6)
        assert metric.evidence == ()

    def test_a_blink_seen_in_several_frames_is_measured_as_one(self):
        blink = [(7 + i / 10, 7.1 + i / 10, "unknown") for i in range(5)]
        gaze = [(0, 6, "center"), (6, 7, "center_right"), *blink, (7.5, 8.6, "center_right"), (8.6, 10, "center")]
        assert self.value(10, gaze).evidence == ()

    def test_a_short_gap_does_not_interrupt_a_look_away_and_a_longer_one_does(self):
        gaze = [(0, 6, "center"), (6, 7, "bottom_center"), (7.4, 8.4, "bottom_center")]
        assert stretches(self.value(9, gaze)) == [(6, 8.4, "look_away")]
        gaze = [(0, 6, "center"), (6, 7, "bottom_center"), (7.5, 8.5, "bottom_center")]
        assert self.value(9, gaze).evidence == ()

    def test_two_blinks_in_one_long_hole_are_not_bridged(self):
        gaze = [(0, 6, "center"), (6, 7.5, "top_left"), (7.5, 7.8, "unknown"), (8.0, 8.3, "unknown"),
                (8.3, 9, "top_left")]  # fmt: skip
        assert self.value(9, gaze).evidence == ()

    def test_is_never_negative(self):
        metric = self.value(10, [(0, 1, "center"), (1, 10, "top_left")])
        assert metric.value == 0.0

    def test_is_measured_against_readable_gaze_not_against_the_recording(self):
        metric = self.value(10, [(0, 5, "center")])
        assert metric.value == 1.0
        assert metric.coverage == pytest.approx(0.5)

    def test_needs_forty_percent_of_readable_gaze(self):
        assert self.value(10, [(0, 4, "center")]).value == 1.0
        metric = self.value(10, [(0, 3.99, "center"), (4, 10, "unknown")])
        assert metric.value is None
        assert metric.reason == "not enough data: the gaze could be read for 39 % of the recording, 40 % are needed"
        assert metric.coverage == pytest.approx(0.399)
        assert metric.evidence == ()

    def test_observations_are_cut_at_the_end_of_the_recording(self):
        metric = self.value(10, [(0, 7, "center"), (7, 10.5, "top_left"), (11, 12, "top_left")])
        assert metric.value == pytest.approx((7 - 0.5 * 3) / 10)
        assert stretches(metric) == [(7, 10, "look_away")]


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


def test_a_recording_without_anything_gives_four_reasons():
    metrics = compute(0)
    assert tuple(metrics) == METRICS
    assert all(metric.value is None and metric.reason for metric in metrics.values())


def test_evidence_is_ordered_by_time():
    speech = [(0, 3, "sad"), (3, 12, "calm"), (12, 14, "sad")]
    face = [(0, 5, "neutral"), (5, 6, "angry"), (6, 20, "neutral")]
    evidence = compute(20, speech_emotion=speech, facial_expression=face)["confidence"].evidence
    assert [e.kind for e in evidence] == ["unsteady", "undesired", "unsteady"]


def test_a_definition_cannot_be_changed_in_place():
    with pytest.raises(AttributeError):
        V1.gap_s = 1.0


def test_two_hours_are_recomputed_while_a_recruiter_waits():
    def frames(label_of):
        return [(i / 10, (i + 1) / 10, label_of(i), 0.9) for i in range(72_000)]

    intervals = {
        "eye_gaze": frames(lambda i: "center" if i % 60 < 30 else "top_left"),
        "facial_expression": frames(lambda i: "surprise" if i % 300 < 10 else "angry" if i % 7 else "neutral"),
        "eye_emotion": frames(lambda i: "anger" if i % 11 else "sadness"),
        "speech_emotion": [(3 * i, 3 * i + 2.8, "sad" if i % 9 > 5 else "calm") for i in range(2400)],
    }
    timelines = timelines_of(**intervals)
    started = time.process_time()
    metrics = metrics_compute(timelines=timelines, questions_s=range(5, 7200, 60), duration_s=7200)
    spent_s = time.process_time() - started
    assert all(metric.value is not None for metric in metrics.values())
    assert spent_s < 2.0  # 0.5 s is usual


def test_computing_metrics_loads_nothing_beyond_the_standard_library():
    code = (
        "import sys, json, analysis.metrics.definitions;"
        "print(json.dumps([m for m in ('numpy', 'django', 'cv2', 'av') if m in sys.modules]))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(found) == []
