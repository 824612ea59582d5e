"""Lanes at several resolutions: what each column shows, and that no level loses a second."""

import json

import pytest

from analysis.reporting.lanes import COLUMNS, decimate, lane_pieces, levels_of, spans_of, stretches_of
from ml.timeline import Gap, Observation, Timeline


def timeline(*rows, gaps=()):
    observations = tuple(Observation(*row) for row in rows)
    return Timeline("facial_expression", ("happy", "sad"), observations, tuple(Gap(*gap) for gap in gaps))


def test_a_column_shows_what_takes_most_of_it_and_nothing_where_less_than_half_is_covered():
    spans = spans_of(timeline((0, 1.4, "happy", 0.9), (1.4, 2, "sad", 0.8), (3.8, 4, "sad", 0.8)))
    columns = decimate(spans, duration_s=4, columns=4)
    assert [label for label, _ in columns] == ["happy", "sad", "", ""]
    assert columns[0][1] == pytest.approx(0.9)


def test_gaps_are_drawn_with_their_reason():
    spans = spans_of(timeline((0, 1, "happy", 0.9), gaps=[(1, 2, "too_dark")]))
    assert decimate(spans, duration_s=2, columns=2) == [("happy", pytest.approx(0.9)), ("too_dark", 0.0)]


def test_a_level_more_until_a_column_is_as_short_as_a_reading():
    assert levels_of(20) == 1
    assert levels_of(103) == 2
    assert levels_of(3 * 3600) == 5


def test_the_last_level_has_the_observations_themselves_and_the_first_covers_the_recording():
    rows = [(second, second + 1, "happy" if second % 2 else "sad", 0.5) for second in range(200)]
    pieces = dict(lane_pieces(timelines={"facial_expression": timeline(*rows)}, duration_s=200.0))
    whole = pieces["tile/0/0"]
    assert (whole["from_s"], whole["to_s"]) == (0, 200)
    assert len(whole["modalities"]["facial_expression"]) == 200
    finest = [row for number in range(4) for row in pieces[f"tile/1/{number}"]["modalities"]["facial_expression"]]
    assert [row[0] for row in finest] == [row[0] for row in rows]


def test_a_tile_has_what_reaches_into_it_from_before():
    long = timeline((0, 150, "happy", 0.5), (150, 200, "sad", 0.5))
    pieces = dict(lane_pieces(timelines={"facial_expression": long}, duration_s=200.0))
    assert pieces["tile/1/2"]["modalities"]["facial_expression"][0][:3] == [0, 150, "happy"]


def test_a_tile_of_three_hours_that_change_all_the_time_stays_small():
    rows = [(step / 2, step / 2 + 0.5, ("happy", "sad")[step // 20 % 2], 0.51) for step in range(3 * 3600 * 2)]
    tiles = lane_pieces(timelines=dict.fromkeys("abcd", timeline(*rows)), duration_s=3 * 3600.0)
    key, first = next(tiles)
    assert key == "tile/0/0"
    assert 500 < len(first["modalities"]["a"]) <= COLUMNS
    assert len(json.dumps(first, separators=(",", ":"))) < 200_000


def test_stretches_join_what_touches_and_keep_the_order_of_time():
    spans = spans_of(timeline((0, 1, "sad", 0.4), (1, 2, "sad", 0.8), (2, 3, "happy", 0.9), (5, 5.5, "sad", 0.6)))
    assert stretches_of(spans, "sad") == {
        "count": 2,
        "seconds": 2.5,
        "stretches": [[0, 2, 0.6], [5, 5.5, 0.6]],
    }
    assert stretches_of(spans, "fear") == {"count": 0, "seconds": 0, "stretches": []}
