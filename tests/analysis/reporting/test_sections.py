"""The parts of an interview: per question, or per minute, as if each were a recording of its own."""

import pytest

from analysis.reporting.sections import (
    minutes_of,
    part_explanation,
    part_stretches,
    sections_of,
    talk_of,
    timeline_within,
)
from ml.timeline import Gap, Observation, Timeline
from tests.factories.analyses import interview_timelines
from tests.factories.timelines import timelines_of

QUESTIONS = [{"at_s": 2.0, "text": "Why?"}, {"at_s": 9.0, "text": "How?"}]


def sections(questions=QUESTIONS, sentences=()):
    return sections_of(timelines=interview_timelines(), duration_s=20.0, questions=questions, sentences=sentences)


def by_key(rows):
    return {row["key"]: row for row in rows}


def test_each_question_has_its_span_its_distribution_and_the_sentences_that_begin_in_it():
    said = [{"start_s": 1.0, "text": "Hello."}, {"start_s": 8.5, "text": "Because."}, {"start_s": 9.5, "text": "So."}]
    why, how = sections(sentences=said)
    assert (why["start_s"], why["end_s"], how["start_s"], how["end_s"]) == (2, 9, 9, 20)
    assert [sentence["text"] for sentence in why["sentences"]] == ["Because."]
    face = by_key(how["modalities"])["facial_expression"]
    assert face["first"]["name"] == "happy"
    assert face["first"]["share"] == pytest.approx(0.85)
    assert face["coverage"] == pytest.approx(10 / 11, abs=1e-3)


def test_metrics_of_a_part_are_those_of_a_recording_that_is_that_part():
    why, how = sections()
    assert by_key(why["metrics"])["attentiveness"]["value"] == pytest.approx(1.0)
    # 4 s of 11 away in one piece: (7 - 0.5 * 4) / 11
    assert by_key(how["metrics"])["attentiveness"]["value"] == pytest.approx(5 / 11)
    assert by_key(how["metrics"])["deep_thinking"]["value"] > 0
    assert "10 s are needed" in by_key(how["metrics"])["confidence"]["reason"]


def test_without_questions_each_minute_is_a_part_and_nothing_is_measured_after_questions():
    (only,) = sections(questions=[])
    assert (only["is_question"], only["start_s"], only["end_s"]) == (False, 0, 20)
    assert "deep_thinking" not in by_key(only["metrics"])
    assert [minute["at_s"] for minute in minutes_of(150)] == [0, 60]
    assert [minute["at_s"] for minute in minutes_of(200)] == [0, 60, 120]


def test_talk_has_what_was_said_the_time_before_it_and_the_pauses_in_it():
    speech = Timeline(
        "speech_emotion",
        ("calm",),
        tuple(Observation(start, end, "calm", 0.9) for start, end in [(2, 5), (5.2, 6), (8, 9), (12, 15)]),
        (Gap(9.5, 11.5, "other_person"),),
    )
    talk = talk_of(speech, 0.0, 14.0)
    assert talk["talk_s"] == pytest.approx(3 + 0.8 + 1 + 2)
    assert talk["before_s"] == 2
    assert talk["pauses"] == [(6, 8)]  # between 9 and 12 somebody else speaks
    assert talk["others_s"] == 2
    assert talk_of(None, 0.0, 14.0) is None
    assert talk_of(speech, 20.0, 30.0)["before_s"] is None


def test_every_number_of_a_part_leads_to_its_seconds():
    timelines = interview_timelines()
    _, how = sections()

    def stretches(kind, label):
        return part_stretches(timelines, kind=kind, label=label, start_s=9.0, end_s=20.0)

    for modality in how["modalities"]:
        assert stretches(modality["key"], "read")["seconds"] == pytest.approx(modality["observed_s"])
        for row in modality["rows"]:
            found = stretches(modality["key"], row["label"])
            assert found["seconds"] == pytest.approx(row["share"] * modality["observed_s"], abs=0.01)
    assert [stretch[:2] for stretch in stretches("facial_expression", "happy")["stretches"]] == [[10.5, 19]]
    assert [stretch[:2] for stretch in stretches("eye_gaze", "center")["stretches"]] == [[9, 10], [14, 20]]
    assert stretches("talk", "talk")["stretches"] == [[9, 15, 0]]
    assert stretches("talk", "pauses")["count"] == 0
    assert stretches("facial_expression", "fear")["count"] == 0
    assert stretches("talk", "nonsense") is None
    assert stretches("nonsense", "happy") is None


def test_why_a_metric_of_a_part_has_its_value():
    _, how = sections()
    for metric in how["metrics"]:
        found = part_explanation(interview_timelines(), metric=metric["key"], start_s=9.0, end_s=20.0)
        assert found["value"] == (metric["value"] and round(metric["value"], 4))
        assert found["reason"] == metric["reason"]
        assert all(9 <= start_s < end_s <= 20 for term in found["terms"] for start_s, end_s, _ in term["stretches"])
    gaze = part_explanation(interview_timelines(), metric="attentiveness", start_s=9.0, end_s=20.0)
    assert gaze["filled"] == "(7.0 s − 0.5 × 4.0 s) ÷ 11.0 s = 0.45"


def test_what_crosses_an_edge_is_cut_there():
    gaze = timelines_of(eye_gaze=[(0, 4, "center"), (4, 8, "top_left"), (8, 9, "center")])["eye_gaze"]
    within = timeline_within(gaze, 2.0, 8.0)
    assert [(o.start_s, o.end_s, o.label) for o in within.observations] == [(0, 2, "center"), (2, 6, "top_left")]
