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
            {"key": "eye_gaze", "shares": [{"label": "top_left", "difference": 0.1}]},
            {"key": "speech_emotion", "shares": []},
        ],
        "metrics": [{"key": "confidence", "difference": -0.25}],
        "older": 1,
    }
    shown = comparison_present(comparison)
    assert [modality["name"] for modality in shown["modalities"]] == ["Eye gaze", "Speech emotion"]
    row = shown["modalities"][0]["rows"][0]
    assert (row["name"], row["difference_text"]) == ("top left", "+10 points")
    assert shown["metrics"][0]["difference_text"] == f"{MINUS}0.25"
    assert shown["older"] == 1
