"""Two analyses side by side, in words."""

import pytest

from analysis.reporting.comparison import MINUS, comparison_present, signed


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        (None, "\N{EN DASH}"),
        (0.0, "±0"),
        (0.004, "±0"),
        (-0.004, "±0"),
        (0.005, "+1 points"),
        (0.03, "+3 points"),
        (-0.125, f"{MINUS}13 points"),
    ],
)
def test_a_difference_is_rounded_like_the_shares_beside_it(difference, text):
    shown = signed(difference, 100, "{:.0f} points", 1)
    assert shown == text if difference is not None else len(shown) == 1


def test_names_and_differences_are_added_in_the_given_order():
    comparison = {
        "modalities": [
            {
                "key": "eye_gaze",
                "shares": [
                    {"label": "center", "before": 0.5, "after": 0.5, "difference": 0.0},
                    {"label": "top_left", "before": 0.1, "after": 0.2, "difference": 0.1},
                ],
            },
            {"key": "speech_emotion", "shares": []},
        ],
        "metrics": [
            {"key": "attentiveness", "before": {"value": None}, "after": {"value": None}, "difference": None},
            {"key": "deep_thinking", "before": {"value": None}, "after": {"value": 0.5}, "difference": None},
            {"key": "confidence", "before": {"value": 0.75}, "after": {"value": 0.5}, "difference": -0.25},
        ],
        "older": 1,
    }
    shown = comparison_present(comparison)
    assert [modality["name"] for modality in shown["modalities"]] == ["Eye gaze", "Speech emotion"]
    row = shown["modalities"][0]["rows"]["changed"][0]
    assert (row["name"], row["difference_text"]) == ("top left", "+10 points")
    assert [row["name"] for row in shown["modalities"][0]["rows"]["same"]] == ["center"]
    assert [row["key"] for row in shown["metrics"]["changed"]] == ["deep_thinking", "confidence"]
    assert [row["key"] for row in shown["metrics"]["same"]] == ["attentiveness"]
    assert shown["metrics"]["changed"][1]["difference_text"] == f"{MINUS}0.25"
    assert shown["older"] == 1
