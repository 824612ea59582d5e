"""What lies between one question and the next."""

import pytest

from analysis.reporting.answers import answers_of

LANES = {
    "speech_emotion": {
        "labels": ["calm", "sad"],
        "intervals": [[0, 4, "calm", 0.9], [4, 6, "sad", 0.8], [7, 20, "calm", 0.9]],
        "gaps": [],
    },
    "eye_gaze": {"labels": ["center"], "intervals": [[0, 5, "center", 0.9], [5, 6, "unknown", 0]], "gaps": []},
}
QUESTIONS = [{"at_s": 2.0, "text": "Why?"}, {"at_s": 5.0, "text": "How?"}]
SENTENCES = [{"start_s": 1.0}, {"start_s": 2.0}, {"start_s": 4.9}, {"start_s": 5.0}]


def test_an_answer_lasts_to_the_next_question_and_counts_parts_of_intervals():
    first, second = answers_of(questions=QUESTIONS, duration_s=20.0, lanes=LANES, sentences=SENTENCES)
    assert (first["start_s"], first["end_s"], second["end_s"]) == (2.0, 5.0, 20.0)
    assert first["talk_s"] == 3.0
    assert first["modalities"]["speech_emotion"]["shares"] == {
        "calm": pytest.approx(2 / 3, abs=1e-4),
        "sad": pytest.approx(1 / 3, abs=1e-4),
    }
    assert second["talk_s"] == 14.0
    assert second["modalities"]["eye_gaze"] == {
        "shares": {"center": 0.0},
        "observed_s": 0.0,
        "coverage": 0.0,
        "enough": False,
    }
    assert [sentence["start_s"] for sentence in first["sentences"]] == [2.0, 4.9]


def test_without_questions_there_are_no_answers():
    assert answers_of(questions=[], duration_s=20.0, lanes=LANES, sentences=[]) == []
