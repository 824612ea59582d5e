"""The shifts of shares and metrics, and their words."""

import pytest

from analysis.reporting.robustness import CORRUPTIONS, measured_sentence, robustness_present, shift_of
from ml.robustness import corruptions


def read(coverage=0.9, gaps_s=None, **shares):
    return {"shares": shares, "observed_s": 50.0, "coverage": coverage, "gaps_s": gaps_s or {}}


def test_the_page_names_every_corruption_of_the_program():
    assert list(CORRUPTIONS) == list(corruptions.CORRUPTIONS)


def test_a_shift_is_the_distance_distance_and_its_largest_label():
    shift = shift_of("facial_expression", read(happy=0.5, sad=0.3, angry=0.2), read(happy=0.2, sad=0.5, angry=0.3))
    assert shift["distance"] == pytest.approx(0.3)
    assert shift["largest"] == {"label": "happy", "moved": -0.3}


@pytest.mark.parametrize("found", [None, read(coverage=0.1, happy=1.0)])
def test_shares_of_too_little_are_not_compared(found):
    shift = shift_of("facial_expression", read(happy=1.0), found)
    assert shift["distance"] is shift["largest"] is None
    assert shift["own_coverage"] == 0.9


def test_the_page_has_points_and_states_coverage_where_it_moved():
    modalities = {"eye_gaze": shift_of("eye_gaze", read(left=0.5, center=0.5), read(0.5, left=0.26, center=0.74))}
    row = {"key": "none", "name": "n", "explanation": "e", "modalities": modalities, "metrics": {}}
    shown = robustness_present({"corruptions": [row]})
    assert shown["modality_names"] == ["Eye gaze"]
    (cell,) = shown["corruptions"][0]["modalities"]
    assert cell["coverage_moved"]
    assert cell["gap_words"] is None
    assert cell["largest"] == {"name": "center left", "points": "\N{MINUS SIGN}24\N{NO-BREAK SPACE}points"}


def test_what_is_not_read_any_more_has_its_reason():
    own = read(gaps_s={"silence": 2.0, "other_person": 1.0}, calm=1.0)
    shift = shift_of("speech_emotion", own, read(0.3, {"silence": 2.5, "speaker_unknown": 4.0}, calm=1.0))
    assert shift["largest_gap"] == {"reason": "speaker_unknown", "moved_s": 4.0}
    assert shift_of("speech_emotion", own, own)["largest_gap"] is None
    row = {"key": "darkened", "name": "n", "explanation": "e", "modalities": {"speech_emotion": shift}, "metrics": {}}
    (cell,) = robustness_present({"corruptions": [row]})["corruptions"][0]["modalities"]
    assert cell["gap_words"] == "not known who speaks"


def test_the_page_says_how_much_was_measured():
    assert measured_sentence([[0.0, 20.0]], duration_s=20.0) == "The whole recording was measured again."
    spread = [[10.0 * n, 10.0 * n + 10] for n in range(6)]
    assert measured_sentence(spread, duration_s=600.0).startswith("6 stretches that are spread over the recording")
    assert "60 s in all" in measured_sentence(spread, duration_s=600.0)
