"""Why a timeline has no reading: the unread time of one modality, divided among its causes.

Pure functions of spans ``(start_s, end_s)`` on the recording's clock. The reasons are the keys of :mod:`ml.gaps`.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from ml.spans import Span, intersect, subtract, union
from ml.timeline import Gap

Cause = tuple[str, Sequence[Span]]
"""A reason and the spans in which it holds, in any order; they may overlap."""

SHORTEST_S: Final = 0.02
"""Shortest stretch that becomes a gap. Shorter ones are rounding between one observation and the next."""


def merge_gaps(
    read: Iterable[Span], causes: Sequence[Cause], *, duration_s: float, rest: str | None = None
) -> tuple[Gap, ...]:
    """The gaps of one timeline: ordered, not overlapping, and never over ``read``.

    Where several of the ``causes`` hold, the first of them counts. Unread time without a cause becomes ``rest``, or no
    gap if that is ``None``. Spans are cut at 0 and ``duration_s``.
    """
    unread = subtract([(0.0, duration_s)], union(read, join_s=SHORTEST_S))
    gaps: list[Gap] = []
    for reason, spans in causes:
        covered = union(spans, join_s=SHORTEST_S)
        gaps += [Gap(start_s, end_s, reason) for start_s, end_s in intersect(unread, covered)]
        unread = subtract(unread, covered)
    if rest is not None:
        gaps += [Gap(start_s, end_s, rest) for start_s, end_s in unread]
    gaps.sort(key=lambda gap: gap.start_s)
    return tuple(gap for gap in _joined(gaps) if gap.duration_s >= SHORTEST_S)


def _joined(gaps: Sequence[Gap]) -> list[Gap]:
    """Neighbours with the same reason become one gap."""
    joined: list[Gap] = []
    for gap in gaps:
        if joined and joined[-1].reason == gap.reason and gap.start_s - joined[-1].end_s < SHORTEST_S:
            joined[-1] = Gap(joined[-1].start_s, gap.end_s, gap.reason)
        else:
            joined.append(gap)
    return joined
