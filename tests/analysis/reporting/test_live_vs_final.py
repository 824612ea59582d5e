"""How live and final readings of an interview differ, and how a report says it."""

import pytest

from analysis.models import LiveSummary
from analysis.reporting.live_vs_final import live_difference, live_difference_present


def report_of(shares, *, available=True, version="v1"):
    modality = {"available": available, "shares": shares, "coverage": 0.9, "model": {"version": version}}
    return {
        "modalities": {"facial_expression": modality},
        "metrics": {"attentiveness": {"value": 0.5, "coverage": 0.8}},
    }


def summary_of(shares, *, observed_s=9.0):
    live = {"shares": shares, "counts": {}, "coverage": 0.5, "observed_s": observed_s, "versions": ["v1"]}
    metrics = {"attentiveness": {"value": 0.4, "coverage": 0.6}}
    return LiveSummary(distributions={"facial_expression": live}, metrics=metrics)


def test_the_difference_names_how_far_apart_the_shares_are():
    difference = live_difference(
        summary=summary_of({"happy": 0.6, "sad": 0.4}),
        report=report_of({"happy": 0.5, "sad": 0.3, "neutral": 0.2}, version="v2"),
    )
    face = difference["modalities"]["facial_expression"]
    assert face["agreement"] == pytest.approx(0.8)
    assert face["most"] == {"label": "neutral", "live": 0.0, "final": 0.2}
    assert "agree to 80\N{NO-BREAK SPACE}%" in face["sentence"]
    assert "by version v1, in the recording by v2" in face["sentence"]
    assert difference["metrics"] == {
        "attentiveness": {"live": 0.4, "live_coverage": 0.6, "final": 0.5, "final_coverage": 0.8}
    }
    assert live_difference_present(difference)["modalities"][0]["name"] == "Facial expression"


@pytest.mark.parametrize(
    ("observed_s", "available", "words"),
    [
        (0.0, True, "Nothing was read live."),
        (9.0, False, "not measured in the recording"),
        (0.0, False, "Neither read live nor measured"),
    ],
)
def test_where_one_side_has_nothing_no_agreement_is_claimed(observed_s, available, words):
    difference = live_difference(
        summary=summary_of({"happy": 1.0}, observed_s=observed_s), report=report_of({"happy": 1.0}, available=available)
    )
    face = difference["modalities"]["facial_expression"]
    assert face["agreement"] is None
    assert words in face["sentence"]
    assert live_difference_present(None) is None
