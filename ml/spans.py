"""Spans of time ``(start_s, end_s)`` on the recording's clock, and their union, intersection and difference.

Standard library only.
"""

from collections.abc import Iterable, Sequence

Span = tuple[float, float]
Spans = tuple[Span, ...]


def union(spans: Iterable[Span], *, join_s: float = 0.0) -> list[Span]:
    """The time that any of the spans covers, ascending. Spans at most ``join_s`` apart become one."""
    merged: list[Span] = []
    for start_s, end_s in sorted(spans):
        if merged and start_s <= merged[-1][1] + join_s:
            merged[-1] = merged[-1][0], max(merged[-1][1], end_s)
        elif end_s > start_s:
            merged.append((start_s, end_s))
    return merged


def intersect(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """The time that both cover. Each is ascending and free of overlap."""
    shared: list[Span] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start_s, end_s = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if end_s > start_s:
            shared.append((start_s, end_s))
        if one[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
    return shared


def subtract(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """The time that ``one`` covers and ``other`` does not. Each is ascending and free of overlap."""
    if not one:
        return []
    borders = [one[0][0], *(border for span in other for border in span), one[-1][1]]
    outside = [(a, b) for a, b in zip(borders[::2], borders[1::2], strict=True) if b > a]
    return intersect(one, outside)


def seconds(spans: Iterable[Span]) -> float:
    """Total length."""
    return sum(end_s - start_s for start_s, end_s in spans)
