"""Figures of model versions as the administrators' pages write them."""

import pytest

from analysis.models import ModelVersion
from analysis.reporting.model_figures import latency, model_size, percent_exact, thousands
from analysis.reporting.model_versions import (
    comparison_present,
    confusion_present,
    curve_present,
    evaluation_present,
    figures_present,
    headline_figures,
)
from tests.factories.models import evaluation

NBSP = "\N{NO-BREAK SPACE}"


def test_figures_of_a_manifest_are_named_in_words_and_written_by_their_kind():
    figures = {"speaker_independent_uar": 0.362, "fer2013_private_ece": 0.0242, "seeds": 1, "unmeasured": None}
    assert figures_present(figures) == [
        {"name": "speaker independent UAR", "text": f"36.2{NBSP}%"},
        {"name": "FER2013 private ECE", "text": "0.024"},
        {"name": "seeds", "text": "1"},
        {"name": "unmeasured", "text": "–"},
    ]


@pytest.mark.parametrize("stored", [{}, {"measured": []}, {"measured": None}, {"measured": ["nonsense"]}])
def test_without_a_measurement_there_is_no_evaluation(stored):
    assert evaluation_present(stored) is None
    version = ModelVersion(modality="eye_gaze", evaluation=stored, manifest={"figures": {"seeds": 3}})
    assert headline_figures(version) == [{"name": "seeds", "text": "3"}]


def test_a_confusion_matrix_is_shaded_by_the_share_of_the_row():
    found = confusion_present({"labels": ["a", "b"], "confusion": [[9, 1], [0, 0]]})
    assert [cell["heat"] for cell in found["rows"][0]["cells"]] == [4, 0]
    assert [cell["is_hit"] for cell in found["rows"][1]["cells"]] == [False, True]
    assert found["rows"][1]["cells"][1]["share"] == 0.0


def test_a_calibration_curve_begins_at_the_bottom_left():
    curve = curve_present([(0.5, 0.0, 0.0), (0.5, 1.0, 1.0)])
    assert curve["line"] == "0.0,200.0 200.0,0.0"
    assert curve_present([]) is None


def test_a_candidate_stands_beside_nothing_when_no_version_is_active():
    version = ModelVersion(modality="facial_expression", name="Net", version="v2", evaluation=evaluation(uar=0.5))
    rows = {row["name"]: row for row in comparison_present(version, None)}
    assert rows["Unweighted average recall"] == {
        "name": "Unweighted average recall",
        "candidate": f"50.0{NBSP}%",
        "active": "–",
    }
    assert rows["Floor for activation"]["candidate"] == f"52.0{NBSP}%"
    assert rows["Examples"]["candidate"] == "3,000"


def test_what_is_missing_is_a_dash():
    for written in (percent_exact(None), latency(""), model_size(0), thousands(None)):
        assert written == "–"


def test_sizes_and_times_are_written_as_in_model_cards():
    assert (model_size(4_700_144), model_size(277), model_size(12_400)) == (f"4.7{NBSP}MB", f"1{NBSP}kB", f"12{NBSP}kB")
    assert latency(0.83) == f"0.8{NBSP}ms"
    assert latency(0.016) == f"0.02{NBSP}ms"
