"""The card of a gaze version."""

from dataclasses import replace

from ml import artifacts
from ml.benchmarks.gaze.card import SECTIONS
from ml.modalities import EYE_GAZE
from ml.training import card
from ml.training.evaluation import EvaluationRecord

ARTIFACT = artifacts.find(EYE_GAZE)
STORED = EvaluationRecord.read(ARTIFACT.folder)


def test_the_shipped_card_is_what_its_manifest_and_evaluation_give():
    assert (ARTIFACT.folder / "MODEL_CARD.md").read_text() == card.render(ARTIFACT.manifest, STORED, SECTIONS)


def test_every_condition_and_variant_has_its_row():
    text = card.render(ARTIFACT.manifest, STORED, SECTIONS)
    benchmark = STORED.extra["benchmark"]
    for condition, row in benchmark["conditions"].items():
        assert f"| {condition} | {row['calibrated']['looks']} | {100 * row['calibrated']['accuracy']:.1f} %" in text
    rates = benchmark["flicker"]["calibrated_raw"]
    assert f"| calibrated, without hysteresis | {rates['returns']:.2f} | {rates['changes']:.2f} |" in text


def test_the_angle_error_has_a_row_for_every_yaw_of_the_head():
    text = card.render(ARTIFACT.manifest, STORED, SECTIONS)
    angles = STORED.extra["benchmark"]["angles"]
    assert f"| **any angle** | {angles['looks']} | {angles['median_deg']:.1f} degrees |" in text
    for band, row in angles["by_yaw"].items():
        assert f"| {band} degrees | {row['looks']} | {row['median_deg']:.1f} degrees | {row['p90_deg']:.1f} de" in text


def test_what_was_not_detected_has_no_latency():
    benchmark = STORED.extra["benchmark"]
    missed = benchmark["latency"]["paper"] | {"median_s": None, "p90_s": None}
    stored = replace(STORED, extra={"benchmark": benchmark | {"latency": benchmark["latency"] | {"paper": missed}}})
    lines = card.render(ARTIFACT.manifest, stored, SECTIONS).splitlines()
    assert any(line.startswith("| the paper's rule |") and line.endswith("| none | none |") for line in lines)


def test_without_any_calibration_there_is_no_calibration_error():
    benchmark = STORED.extra["benchmark"]
    everything = benchmark["all"]
    refused = everything | {"calibrated": everything["calibrated"] | {"left_out_error_deg": None, "refused": 24}}
    stored = replace(STORED, extra={"benchmark": benchmark | {"all": refused}})
    (row,) = (
        line for line in card.render(ARTIFACT.manifest, stored, SECTIONS).splitlines() if line.startswith("| **all**")
    )
    assert row.endswith("| 24 |  |")
