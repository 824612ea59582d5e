"""Union, intersection and difference of spans of time."""

import random

from hypothesis import given
from hypothesis import strategies as st

from ml.spans import intersect, seconds, subtract, union

lengths = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=8)


def spans_from(parts: list[tuple[int, int]]) -> list[tuple[float, float]]:
    """Ordered spans from (hole, length) pairs."""
    spans, at = [], 0
    for hole, length in parts:
        spans.append((float(at + hole), float(at + hole + length)))
        at += hole + length
    return spans


def seconds_of(spans: list[tuple[float, float]]) -> set[int]:
    return {second for start_s, end_s in spans for second in range(int(start_s), int(end_s))}


@given(lengths, lengths)
def test_union_and_intersection_are_those_of_sets(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    first, second = spans_from(one), spans_from(other)
    assert seconds_of(union(first + second)) == seconds_of(first) | seconds_of(second)
    assert seconds_of(intersect(first, second)) == seconds_of(first) & seconds_of(second)
    assert seconds(intersect(first, second)) == len(seconds_of(first) & seconds_of(second))


def test_spans_that_touch_become_one() -> None:
    assert union([(0.0, 1.0), (2.0, 3.0), (1.0, 1.5)]) == [(0.0, 1.5), (2.0, 3.0)]


def test_the_union_of_overlapping_spans_is_ascending() -> None:
    assert union([(4.0, 5.0), (0.0, 2.0), (1.0, 3.0), (3.0, 3.0)]) == [(0.0, 3.0), (4.0, 5.0)]


def test_intersection_and_difference_divide_the_time() -> None:
    numbers = random.Random(3)

    def spans() -> list[tuple[float, float]]:
        return union([(start, start + numbers.uniform(0.1, 2)) for start in (numbers.uniform(0, 20) for _ in range(8))])

    for _ in range(50):
        one, other = spans(), spans()
        shared, rest = intersect(one, other), subtract(one, other)
        assert abs(seconds(shared) + seconds(rest) - seconds(one)) < 1e-9
        assert intersect(rest, other) == []


def test_nothing_is_left_of_no_time() -> None:
    assert subtract([], [(0.0, 1.0)]) == []
