"""The program that fits a calibration."""

import json
import subprocess
import sys

import pytest

from ml.eye_gaze.calibration import Calibration
from ml.eye_gaze.fit_calibration import answer
from tests.ml.eye_gaze.test_calibration import session


def request(samples) -> dict:
    return {"samples": [sample.to_json() for sample in samples]}


def test_the_program_answers_with_the_calibration_its_error_and_the_targets_used():
    result = subprocess.run(
        [sys.executable, "-m", "ml.eye_gaze.fit_calibration"],
        input=json.dumps(request(session())),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(result.stdout)
    calibration = Calibration.from_json(found["calibration"])
    assert (found["ok"], found["points"], found["error_degrees"]) == (True, 9, calibration.error_deg)


def test_refused_samples_are_answered_with_a_sentence():
    found = answer(request(session()[:10]))
    assert found == {"ok": False, "sentence": found["sentence"]}
    assert found["sentence"].startswith("Only 1 of the 9 dots")


@pytest.mark.parametrize("data", [{}, {"samples": [{"target": "middle"}]}, {"samples": [None]}])
def test_what_is_no_request_is_an_error(data):
    with pytest.raises((KeyError, TypeError, ValueError)):
        answer(data)
