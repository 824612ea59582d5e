"""The lanes of the report page at several resolutions: a multi-resolution pyramid of tiles, and stretches by label.

Level 0 is one tile of the whole recording; every level has :data:`FACTOR` times as many tiles as the one above, each of
:data:`COLUMNS` columns. A column shows the label, or the reason of the gap, that takes most of it (decimation by
majority). The last level has columns of :data:`FINEST_S` or less and is not decimated: its tiles hold the observations
themselves. Pure functions of timelines; standard library and :mod:`ml.timeline` only.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from ml.timeline import Timeline

COLUMNS: Final = 1024
FACTOR: Final = 4
FINEST_S: Final = 0.1
"""The step of most readings: columns below it show nothing that the observations do not."""
STRETCHES_MOST: Final = 1000
"""Most stretches of one label that are kept: the longest."""
JOINED_S: Final = 0.05
"""Observations of one label at most so far apart are one stretch."""

Span = tuple[float, float, str, float]
"""``(start_s, end_s, label or reason of a gap, confidence)``; the confidence of a gap is 0."""


def lane_pieces(*, timelines: Mapping[str, Timeline], duration_s: float) -> Iterator[tuple[str, Any]]:
    """The pieces by key: ``tile/<level>/<number>``, and ``stretches/<modality>/<label or reason>``."""
    spans = {key: spans_of(timeline) for key, timeline in timelines.items()}
    for level in range(levels_of(duration_s)):
        yield from _tiles(spans, duration_s, level)
    for key, found in spans.items():
        for label in sorted({span[2] for span in found}):
            yield f"stretches/{key}/{label}", stretches_of(found, label)


def levels_of(duration_s: float) -> int:
    """Levels of the pyramid: as many as it takes until a column is :data:`FINEST_S` or less."""
    levels = 1
    while duration_s / (COLUMNS * FACTOR ** (levels - 1)) > FINEST_S:
        levels += 1
    return levels


def spans_of(timeline: Timeline) -> list[Span]:
    """Observations and gaps in order of time. They may overlap where an ``unknown`` observation has a reason too."""
    gaps = [(gap.start_s, gap.end_s, gap.reason, 0.0) for gap in timeline.gaps]
    return sorted([*((o.start_s, o.end_s, o.label, o.confidence) for o in timeline.observations), *gaps])


def decimate(spans: Sequence[Span], *, duration_s: float, columns: int) -> list[tuple[str, float]]:
    """``(label, mean confidence)`` of each of the equal ``columns`` of a recording: of the label that takes most of the
    column, ``("", 0)`` where less than half of it is covered."""
    column_s = duration_s / columns
    seconds: list[dict[str, list[float]]] = [{} for _ in range(columns)]
    for start_s, end_s, label, confidence in spans:
        first = max(0, int(start_s / column_s))
        last = min(columns - 1, int(end_s / column_s))
        for column in range(first, last + 1):
            shared_s = min(end_s, (column + 1) * column_s) - max(start_s, column * column_s)
            if shared_s > 0:
                held = seconds[column].setdefault(label, [0.0, 0.0])
                held[0] += shared_s
                held[1] += shared_s * confidence
    return [_majority(by_label, column_s) for by_label in seconds]


def _majority(by_label: Mapping[str, Sequence[float]], column_s: float) -> tuple[str, float]:
    if not by_label or sum(held[0] for held in by_label.values()) < column_s / 2:
        return "", 0.0
    label = max(by_label, key=lambda key: by_label[key][0])
    held_s, weighted = by_label[label]
    return label, weighted / held_s


def stretches_of(spans: Sequence[Span], label: str) -> dict[str, Any]:
    """The stretches ``[start_s, end_s, mean confidence]`` of a label or gap, in order of time: ``stretches``, at most
    :data:`STRETCHES_MOST` of them, of ``count`` that last ``seconds`` together."""
    found: list[list[float]] = []
    for start_s, end_s, other, confidence in spans:
        if other != label:
            continue
        weighted = (end_s - start_s) * confidence
        if found and start_s - found[-1][1] <= JOINED_S:
            found[-1][1] = max(found[-1][1], end_s)
            found[-1][2] += weighted
            found[-1][3] += end_s - start_s
        else:
            found.append([start_s, end_s, weighted, end_s - start_s])
    longest = sorted(found, key=lambda stretch: stretch[0] - stretch[1])[:STRETCHES_MOST]
    return {
        "count": len(found),
        "seconds": round(sum(stretch[3] for stretch in found), 3),
        "stretches": [
            [round(start_s, 3), round(end_s, 3), round(weighted / held_s, 4) if held_s else 0.0]
            for start_s, end_s, weighted, held_s in sorted(longest)
        ],
    }


def _tiles(spans: Mapping[str, Sequence[Span]], duration_s: float, level: int) -> Iterator[tuple[str, Any]]:
    tiles = FACTOR**level
    tile_s = duration_s / tiles
    is_finest = level == levels_of(duration_s) - 1
    columns = (
        {}
        if is_finest
        else {key: decimate(found, duration_s=duration_s, columns=COLUMNS * tiles) for key, found in spans.items()}
    )
    starts = {key: [span[0] for span in found] for key, found in spans.items()}
    for number in range(tiles):
        from_s, to_s = number * tile_s, (number + 1) * tile_s
        yield (
            f"tile/{level}/{number}",
            {
                "from_s": round(from_s, 3),
                "to_s": round(to_s, 3),
                "modalities": {
                    key: _observed(spans[key], starts[key], from_s, to_s)
                    if is_finest
                    else _runs(columns[key][number * COLUMNS : (number + 1) * COLUMNS], from_s, tile_s / COLUMNS)
                    for key in spans
                },
            },
        )


def _observed(spans: Sequence[Span], starts: Sequence[float], from_s: float, to_s: float) -> list[list[Any]]:
    """The spans of a tile as they are; one that reaches into the next tile is in both."""
    first, last = bisect_right(starts, from_s), bisect_left(starts, to_s)
    while first > 0 and spans[first - 1][1] > from_s:
        first -= 1
    return [
        [round(start_s, 3), round(end_s, 3), label, round(confidence, 2)]
        for start_s, end_s, label, confidence in spans[first:last]
    ]


def _runs(columns: Sequence[tuple[str, float]], from_s: float, column_s: float) -> list[list[Any]]:
    """Neighbouring columns of one label as one span (run-length encoding)."""
    runs: list[list[Any]] = []
    at = 0
    for label, group in groupby(columns, key=lambda column: column[0]):
        confidences = [confidence for _, confidence in group]
        end = at + len(confidences)
        if label:
            mean = sum(confidences) / len(confidences)
            runs.append([round(from_s + at * column_s, 3), round(from_s + end * column_s, 3), label, round(mean, 2)])
        at = end
    return runs
