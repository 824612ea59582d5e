"""Browsers whose clocks are hours off, drift, or are set while they run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.live.clock import BrowserClock

HOUR_MS = 3_600_000.0


def exchange(clock: BrowserClock, *, offset_ms: float, at_ms: float, up_ms: float, rtt_ms: float | None) -> None:
    clock.learn(sent_ms=at_ms - offset_ms, received_ms=at_ms + up_ms, rtt_ms=rtt_ms)


@given(
    offset_ms=st.floats(-24 * HOUR_MS, 24 * HOUR_MS),
    ways=st.lists(st.tuples(st.floats(1, 300), st.floats(1, 300)), min_size=1, max_size=40),
)
def test_the_offset_is_right_to_half_a_round_trip(offset_ms: float, ways: list[tuple[float, float]]):
    clock = BrowserClock()
    for number, (up_ms, down_ms) in enumerate(ways):
        exchange(clock, offset_ms=offset_ms, at_ms=1e12 + 2000 * number, up_ms=up_ms, rtt_ms=up_ms + down_ms)
    assert abs(clock.offset_ms - offset_ms) <= 600


def test_equal_ways_cancel_out():
    clock = BrowserClock()
    exchange(clock, offset_ms=-5000, at_ms=1e12, up_ms=40, rtt_ms=80)
    assert clock.offset_ms == pytest.approx(-5000)


def test_a_congested_moment_changes_nothing():
    clock = BrowserClock()
    exchange(clock, offset_ms=700, at_ms=1e12, up_ms=20, rtt_ms=40)
    exchange(clock, offset_ms=700, at_ms=1e12 + 2000, up_ms=3000, rtt_ms=3020)
    assert clock.offset_ms == pytest.approx(700)


@pytest.mark.parametrize("step_ms", [-HOUR_MS, HOUR_MS])
def test_a_clock_that_is_set_is_followed_within_seconds(step_ms: float):
    clock = BrowserClock()
    for number in range(20):
        exchange(clock, offset_ms=0, at_ms=1e12 + number * 2000, up_ms=20, rtt_ms=40)
    for number in range(20, 23):
        exchange(clock, offset_ms=step_ms, at_ms=1e12 + number * 2000, up_ms=20, rtt_ms=40)
    assert clock.offset_ms == pytest.approx(step_ms, abs=1)


def test_before_the_first_ping_the_clocks_are_taken_for_equal():
    assert BrowserClock().offset_ms == 0
