"""Why a metric has its value: the formula with the recording's seconds."""

from analysis.metrics.definitions import V1
from analysis.reporting.explanation import explanation
from tests.factories.timelines import compute


def explained(key, **given):
    return explanation(compute(20.0, **given)[key], definition=V1)


def test_the_formula_is_filled_with_seconds_that_give_the_value():
    gaze = [(0, 6, "center"), (6, 10, "center_left"), (10, 20, "center")]
    found = explained("attentiveness", eye_gaze=gaze)
    assert found["formula"] == "(gaze in the center − 0.5 × look-aways of 2 s or more) ÷ gaze read"
    assert found["filled"] == "(16.0 s − 0.5 × 4.0 s) ÷ 20.0 s = 0.70"
    assert found["value"] == 0.7


def test_every_term_leads_to_its_seconds():
    found = explained(
        "confidence",
        speech_emotion=[(0, 12, "calm"), (12, 18, "sad")],
        facial_expression=[(0, 4, "neutral"), (4, 6, "angry"), (6, 20, "neutral")],
    )
    assert found["filled"] == "(12.0 s − 2.0 s) ÷ 18.0 s = 0.56"
    assert {term["key"]: (term["seconds"], term["stretches"]) for term in found["terms"]} == {
        "steady": (12, [[0, 12, 0]]),
        "undesired": (2, [[4, 6, 0]]),
        "speech": (18, [[0, 18, 0]]),
    }


def test_the_terms_of_each_metric_are_named_and_give_its_value():
    surprised = {
        "facial_expression": [(0, 5, "neutral"), (5, 6, "surprise"), (6, 20, "fear")],
        "eye_gaze": [(0, 6, "center"), (6, 9, "top_center"), (9, 20, "center")],
        "speech_emotion": [(0, 7, "calm"), (7, 15, "sad")],
    }
    for key in ("deep_thinking", "potential_lie"):
        found = explained(key, questions_s=[4.0], **surprised)
        first, last = found["terms"][0]["seconds"], found["terms"][-1]["seconds"]
        assert 0 < found["value"] < 1
        assert round(first / last, 3) == round(found["value"], 3)
        assert "{" not in found["formula"] + found["filled"]


def test_without_a_value_there_is_its_reason_and_no_formula():
    found = explained("attentiveness")
    assert found["value"] is None
    assert "the gaze could be read for 0 %" in found["reason"]
    assert (found["formula"], found["filled"], found["terms"]) == ("", "", [])
