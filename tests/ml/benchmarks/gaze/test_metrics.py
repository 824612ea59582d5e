"""Metrics of the gaze benchmark on sessions with exact gaze samples."""

from dataclasses import replace

import pytest

from ml.benchmarks.gaze.metrics import metrics
from tests.ml.benchmarks.gaze.sessions import PARAMETERS, frame, session


def test_exact_samples_have_exact_labels_and_the_papers_middle_does_not():
    found = metrics([session()], PARAMETERS)
    assert found["all"]["calibrated"]["accuracy"] > 0.9
    assert found["all"]["uncalibrated"]["accuracy"] > 0.9
    assert found["all"]["paper"]["accuracy"] == pytest.approx(16 / 48, abs=0.001)
    assert (found["people"], found["sessions"], found["all"]["paper"]["frames"]) == (1, 1, 48)


def test_closed_eyes_are_blinks_and_open_ones_are_not():
    open_eyes = session()
    shut = tuple(frame("center", 200 + i, closed=0.9, part="blink") for i in range(3))
    blinks = metrics([replace(open_eyes, frames=(*open_eyes.frames, *shut))], PARAMETERS)["blinks"]
    assert blinks["closed_frames"] == 3
    assert blinks["recall"]["share"] == blinks["precision"]["share"] == 1
    assert blinks["recall_by_condition"]["plain"]["share"] == 1


def test_blinks_labelled_as_looks_lower_the_recall_and_unmeasured_open_eyes_the_precision():
    open_eyes = session()
    missed = replace(frame("center", 200, part="blink"), closed=1.0)
    unmeasured = replace(frame("center", 201), sample=None)
    blinks = metrics([replace(open_eyes, frames=(*open_eyes.frames, missed, unmeasured))], PARAMETERS)["blinks"]
    assert blinks["closed_frames"] == 1
    assert blinks["recall"]["share"] == blinks["precision"]["share"] == 0


def test_a_refused_calibration_counts_as_uncalibrated():
    without_dots = replace(session(), frames=tuple(session().interview))
    found = metrics([without_dots], PARAMETERS)["all"]
    assert found["calibrated"]["refused"] == 1
    assert found["calibrated"]["left_out_error_deg"] is None
    assert found["calibrated"]["accuracy"] == found["uncalibrated"]["accuracy"]
