"""A personal map from iris to direction, fitted to nine targets."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml import artifacts
from ml.eye_gaze import calibration, fitting, parameters
from ml.eye_gaze.calibration import Calibration, CalibrationSample
from ml.eye_gaze.fitting import CalibrationRefused, fit
from ml.eye_gaze.geometry import GazeSample
from ml.eye_gaze.labels import LABELS
from ml.modalities import EYE_GAZE

PARAMETERS = parameters.load(artifacts.find(EYE_GAZE))
DEG = calibration.TARGET_DEG
EYE_MM = np.array([6.0, 3.5])
"""Iris offset per sine of this person's eyes, whatever the parameters take it for."""


def place(target: str) -> np.ndarray:
    row, column = divmod(LABELS.index(target), 3)
    return np.array([(1 - column) * DEG[0], (1 - row) * DEG[1]])


def iris_of(target: str, *, gain=(0.75, 0.7), rest=(0.8, -0.6), bend=0.05) -> np.ndarray:
    """An eye that turns less than the average one, rests elsewhere, and is not quite linear."""
    sines = np.sin(np.radians(place(target))) * np.array(gain)
    return sines * EYE_MM + np.array(rest) + bend * np.array([sines[1], sines[0]]) * 8


def looks(target: str, *, count=10, noise_mm=0.08, rng=None, **person) -> list[CalibrationSample]:
    rng = rng or np.random.default_rng(LABELS.index(target))
    iris = iris_of(target, **person) + rng.normal(0, noise_mm, (count, 2))
    return [CalibrationSample(target, (float(x), float(y)), (0.0, 0.0), 0.3) for x, y in iris]


def session(**person) -> list[CalibrationSample]:
    return [sample for target in LABELS for sample in looks(target, **person)]


def measured(sample: CalibrationSample) -> GazeSample:
    return GazeSample(0.0, 0.1, 0.0, 0.0, sample.openness, 0.05, sample.iris, sample.head)


def misses_deg(made: Calibration, samples) -> list[float]:
    return [math.dist(made.direction(measured(s)), place(s.target)) for s in samples]


def test_fitted_map_finds_the_dots_and_knows_its_error():
    made = fit(session(), PARAMETERS)
    fresh = [s for t in LABELS for s in looks(t, rng=np.random.default_rng(100))]
    assert np.mean(misses_deg(made, fresh)) < 2
    assert made.error_deg < made.uncalibrated_error_deg
    assert np.mean(misses_deg(made, fresh)) < 2 * made.error_deg
    assert made.samples + made.left_out == 90


def test_blinks_and_glances_elsewhere_are_left_out():
    clean = session()
    wild = [
        *[CalibrationSample(t, (9.0, -9.0), (0.0, 0.0), 0.3) for t in LABELS],
        *[replace(s, openness=0.05) for s in clean[::10]],
    ]
    with_wild, without = fit(clean + wild, PARAMETERS), fit(clean, PARAMETERS)
    assert with_wild.left_out >= len(wild)
    assert with_wild.horizontal == pytest.approx(without.horizontal, abs=0.03)


def test_too_few_dots_are_refused_in_words():
    few = [s for s in session() if LABELS.index(s.target) < 5]
    with pytest.raises(CalibrationRefused, match=r"Only 5 of the 9 dots were clearly looked at"):
        fit(few, PARAMETERS)
    with pytest.raises(CalibrationRefused, match=r"Only 0 of the 9 dots"):
        fit([], PARAMETERS)


def test_two_missing_dots_are_bearable():
    most = [s for s in session() if s.target not in ("top_left", "center_right")]
    assert fit(most, PARAMETERS).error_deg < 4


def test_looks_that_do_not_follow_the_dots_are_refused():
    rng = np.random.default_rng(7)
    order = rng.permutation(LABELS)
    mixed = [replace(s, target=str(order[LABELS.index(s.target)])) for s in session()]
    with pytest.raises(CalibrationRefused, match=r"do not fit together|too far apart"):
        fit(mixed, PARAMETERS)


def test_eyes_that_never_moved_are_refused():
    still = [replace(s, iris=(0.5, 0.2)) for s in session()]
    with pytest.raises(CalibrationRefused):
        fit(still, PARAMETERS)


def test_json_round_trip_is_exact():
    made = fit(session(), PARAMETERS)
    assert Calibration.from_json(json.loads(json.dumps(made.to_json()))) == made
    sample = session()[0]
    assert CalibrationSample.from_json(json.loads(json.dumps(sample.to_json()))) == sample


@pytest.mark.parametrize(
    "change",
    [
        {"features": 0},
        {"across": [0.0] * 7},
        {"up": [math.nan] * 8},
        {"target_deg": [0, 9]},
        {"error_deg": "much"},
        {"radius_mm": 8},
    ],
)
def test_other_data_is_no_calibration(change):
    data = fit(session(), PARAMETERS).to_json() | change
    with pytest.raises(ValueError, match="This is no gaze calibration"):
        Calibration.from_json(data)


@pytest.mark.parametrize("data", [None, [], "x", {}, {"features": 1}])
def test_nonsense_is_no_calibration(data):
    with pytest.raises(ValueError, match="This is no gaze calibration"):
        Calibration.from_json(data)


def noisy(target: str) -> st.SearchStrategy[list[CalibrationSample]]:
    """Three samples of a target with any noise up to 3 mm, which is wider than the distance between targets."""
    x, y = iris_of(target)
    sample = st.builds(
        CalibrationSample,
        st.just(target),
        st.tuples(st.floats(x - 3, x + 3), st.floats(y - 3, y + 3)),
        st.just((0.0, 0.0)),
        st.floats(0.2, 0.4),
    )
    return st.lists(sample, min_size=3, max_size=3)


@settings(deadline=None)  # the first fit is slow
@given(st.tuples(*[noisy(target) for target in LABELS]))
def test_any_samples_give_a_calibration_within_the_limits_or_a_refusal(groups):
    try:
        made = fit([sample for group in groups for sample in group], PARAMETERS)
    except CalibrationRefused:
        return
    assert made.error_deg <= fitting.MAX_ERROR_RATIO * made.uncalibrated_error_deg + 0.002
    assert made.error_deg <= fitting.MAX_ERROR_SHARE * min(DEG) + 0.001


@given(st.lists(st.sampled_from(LABELS), max_size=20))
def test_few_samples_are_refused(targets):
    samples = [CalibrationSample(target, (0.0, 0.0), (0.0, 0.0), 0.3) for target in targets]
    with pytest.raises(CalibrationRefused, match="of the 9 dots were clearly looked at"):
        fit(samples, PARAMETERS)
