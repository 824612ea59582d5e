"""Flicker of a steady gaze and latency of looks aside."""

import numpy as np
import pytest

from ml.benchmarks.gaze.stability import flicker, latency, stability
from tests.ml.benchmarks.gaze.sessions import PARAMETERS, frame, steady_session


def labels_of(session, look) -> list[str]:
    """Labels of the interview: ``look`` at its end, the middle before."""
    return ["center"] * (len(session.interview) - len(look)) + list(look)


def steady(count: int):
    return steady_session("steady", [frame("center", 400 + i) for i in range(count)])


def aside(count: int):
    return steady_session("aside", [frame("top_left", 400 + i) for i in range(count)])


def test_no_change_is_no_flicker():
    session = steady(20)
    assert flicker([session], [labels_of(session, ["center"] * 20)]) == {"returns": 0, "changes": 0}


def test_a_return_is_a_change_to_an_area_that_the_same_look_had_left():
    session = steady(20)
    look = ["center"] * 10 + ["center_left"] * 5 + ["center"] * 5
    # 20 frames at 10 a second hold one return; 17 late frames, of 16 steps, hold two changes.
    assert flicker([session], [labels_of(session, look)]) == {"returns": 0.5, "changes": pytest.approx(10 * 2 / 16)}


def test_a_change_while_the_look_settles_is_no_late_change():
    session = steady(20)
    look = ["center"] * 2 + ["center_left"] * 18
    assert flicker([session], [labels_of(session, look)]) == {"returns": 0, "changes": 0}


def test_looks_of_other_parts_have_no_flicker():
    session = aside(8)
    assert flicker([session], [labels_of(session, ["center", "top_left"] * 4)]) == {"returns": 0, "changes": 0}


def test_latency_is_the_time_until_the_target_is_the_label():
    session = aside(8)
    found = latency([session], [labels_of(session, ["center"] * 2 + ["top_left"] * 6)])
    assert (found["looks"], found["median_s"], found["p90_s"]) == (1, 0.2, 0.2)
    assert found["in_time"]["share"] == found["detected"]["share"] == 1


def test_a_look_detected_late_is_not_in_time():
    session = aside(8)
    found = latency([session], [labels_of(session, ["center"] * 4 + ["top_left"] * 4)])
    assert (found["in_time"]["share"], found["detected"]["share"], found["median_s"]) == (0, 1, 0.4)


def test_a_look_that_is_never_detected_has_no_latency():
    session = aside(8)
    found = latency([session], [labels_of(session, ["center_left"] * 8)])
    assert (found["detected"]["share"], found["median_s"], found["p90_s"]) == (0, None, None)


def test_hysteresis_removes_the_flicker_of_a_gaze_on_a_border():
    rng = np.random.default_rng(3)
    border = np.degrees(np.arcsin(PARAMETERS.center[0]))
    on_border = [frame("center", 400 + i, noise=(border + rng.normal(0, 0.6), 0.0)) for i in range(80)]
    rates = stability([steady_session("steady", on_border)], PARAMETERS)["flicker"]
    assert rates["uncalibrated_raw"]["changes"] >= rates["uncalibrated_raw"]["returns"] > 0.5
    for variant in ("uncalibrated", "uncalibrated_live"):
        assert rates[variant]["returns"] == 0
        assert rates[variant]["changes"] <= 0.2


def test_a_recording_has_no_latency_and_a_live_session_that_of_one_sample():
    found = stability([aside(8)], PARAMETERS)["latency"]
    assert (found["uncalibrated"]["looks"], found["uncalibrated"]["median_s"]) == (1, 0)
    assert found["uncalibrated_live"]["median_s"] == 0.1
    assert found["uncalibrated_live"]["in_time"]["share"] == 1
    assert found["paper"]["detected"]["share"] == 0
