"""Union, intersection and difference of spans of time."""

import random

from ml.spans import intersect, seconds, subtract, union


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
