"""Temperature scaling."""

import numpy as np
import pytest

from ml.runtime import calibrate
from ml.training.calibration import fit_temperature
from ml.training.metrics import expected_calibration_error


def drawn(temperature, n=6000):
    """Probabilities too sure (or unsure) of themselves by a known temperature, and truth drawn from the honest ones."""
    random = np.random.default_rng(0)
    logits = random.normal(size=(n, 4)) * 2
    honest = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = (honest.cumsum(axis=1) > random.random((n, 1))).argmax(axis=1)
    stated = np.exp(logits * temperature)
    return truth, (stated / stated.sum(axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("temperature", [0.7, 1.0, 2.5])
def test_fitted_temperature_is_the_one_that_was_put_in(temperature):
    truth, stated = drawn(temperature)
    assert fit_temperature(truth, stated) == pytest.approx(temperature, rel=0.06)


def test_scaling_lowers_the_calibration_error_and_keeps_the_label():
    truth, stated = drawn(3.0)
    scaled = calibrate(stated, fit_temperature(truth, stated))
    assert expected_calibration_error(truth, scaled) < 0.03 < expected_calibration_error(truth, stated)
    assert (scaled.argmax(axis=1) == stated.argmax(axis=1)).all()
