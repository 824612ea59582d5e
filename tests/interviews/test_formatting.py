"""How numbers are written."""

import pytest

from interviews.formatting import clock, clock_parse, duration, fraction, percent


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0:00.0"),
        (3.25, "0:03.3"),
        (59.96, "1:00.0"),
        (75.2, "1:15.2"),
        (3675.5, "1:01:15.5"),
        ("", "–"),
        (None, "–"),
    ],
)
def test_moments(seconds, written):
    assert clock(seconds) == written


@pytest.mark.parametrize(
    ("seconds", "written"), [(0, "0:00"), (59.6, "1:00"), (760.4, "12:40"), (3725, "1:02:05"), ("", "–")]
)
def test_lengths(seconds, written):
    assert duration(seconds) == written


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0, "0 %"),
        (0.001, "<1 %"),
        (0.5, "50 %"),
        (0.125, "13 %"),
        (0.999, ">99 %"),
        (1, "100 %"),
        (None, "–"),
        ("", "–"),
    ],
)
def test_a_share_looks_like_nothing_or_everything_only_when_it_is(share, written):
    assert percent(share) == written.replace(" ", "\xa0")


def test_a_metric_without_a_value_is_a_dash():
    assert fraction(None) == "–"
    assert fraction(0.0) == "0.00"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1:15.2", 75.2), ("75,2", 75.2), ("0:01:15", 75.0), ("soon", None), ("1:2:3:4", None), ("", None)],
)
def test_a_moment_is_read_as_it_is_written(text, seconds):
    assert clock_parse(text) == seconds
