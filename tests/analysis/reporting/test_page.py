"""A report in the page's words."""

import pytest

from analysis.reporting.page import (
    WHAT_IT_MEASURES,
    gaze_grid,
    gaze_label_present,
    modality_present,
)
from analysis.templatetags.reports import spoken_shares
from ml.eye_gaze.labels import LABELS as GAZE
from ml.facial_expression.labels import LABELS as FACE
from ml.speech_emotion.labels import LABELS as VOICE


def result(labels, **fields):
    shares = {label: 1 / len(labels) for label in labels}
    given = {
        **{"available": True, "reason": "", "observed_s": 9.0, "coverage": 0.9, "enough": True, "class_prior": None},
        **{"gaps_s": {}, "model": None},
    }
    return {**given, "counts": dict.fromkeys(labels, 1), "shares": shares, **fields}


def test_the_gaze_grid_has_the_nine_areas_as_the_candidate_faces_us():
    grid = modality_present("eye_gaze", result(GAZE))["grid"]
    assert [[cell["label"] for cell in line] for line in grid] == [
        ["top_right", "top_center", "top_left"],
        ["center_right", "center", "center_left"],
        ["bottom_right", "bottom_center", "bottom_left"],
    ]


def test_unknown_gaze_is_listed_but_has_no_place_in_the_grid():
    presented = modality_present("eye_gaze", result((*GAZE, "unknown")))
    assert presented["rows"][-1]["tone"] == "unmeasured"
    assert len([cell for line in gaze_grid(presented["rows"]) for cell in line]) == 9


@pytest.mark.parametrize(
    ("label", "tone"),
    [
        ("center", "gaze-center"),
        ("top_center", "gaze-away-1"),
        ("center_left", "gaze-away-2"),
        ("bottom_right", "gaze-away-3"),
    ],
)
def test_gaze_gets_stronger_with_the_distance_from_the_center(label, tone):
    assert gaze_label_present(label)["tone"] == tone


def test_the_same_emotion_has_the_same_tone_whatever_it_is_called():
    tones = {
        row["label"]: row["tone"]
        for labels in (FACE, VOICE)
        for row in modality_present("facial_expression", result(labels))["rows"]
    }
    assert tones["fear"] == tones["fearful"]
    assert tones["surprise"] == tones["surprised"]
    assert len(set(tones.values())) == 8


def test_the_voice_shows_its_second_emotion():
    presented = modality_present("speech_emotion", result(("calm", "sad")), mixture=[("calm", 0.75), ("sad", 0.25)])
    assert [(row["name"], row["tone"], row["probability"]) for row in presented["mixture"]] == [
        ("calm", "calm", 0.75),
        ("sad", "sadness", 0.25),
    ]


def test_unread_seconds_are_told_in_plain_words():
    presented = modality_present("eye_gaze", result(GAZE, gaps_s={"too_dark": 3.2, "no_face": 1.0, "damaged": 0.04}))
    assert [(gap["name"], gap["seconds"]) for gap in presented["gaps"]] == [("too dark", 3.2), ("no face in view", 1.0)]


def test_the_text_alternative_of_scarce_shares_tells_that_they_are():
    presented = [modality_present("eye_gaze", result(GAZE, enough=enough)) for enough in (True, False)]
    assert ["Too little was observed" in spoken_shares(modality) for modality in presented] == [False, True]


def test_no_description_of_a_metric_claims_the_camera():
    assert all("camera" not in words for words in WHAT_IT_MEASURES.values())
