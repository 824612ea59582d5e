"""The unread time of a timeline, divided among its causes."""

from ml.gaps import FRAMES_MISSING, NO_FACE, STILL_PICTURE, TURNED_AWAY
from ml.offline.gaps import merge_gaps
from ml.timeline import Gap


def test_unread_time_gets_the_first_cause_that_holds() -> None:
    gaps = merge_gaps(
        [(0.0, 2.0), (5.0, 6.0)],
        [(FRAMES_MISSING, [(3.0, 4.0)]), (STILL_PICTURE, [(1.0, 3.5)])],
        duration_s=10.0,
        rest=NO_FACE,
    )
    assert gaps == (
        Gap(2.0, 3.0, STILL_PICTURE),
        Gap(3.0, 4.0, FRAMES_MISSING),
        Gap(4.0, 5.0, NO_FACE),
        Gap(6.0, 10.0, NO_FACE),
    )


def test_time_without_a_cause_is_no_gap_unless_a_rest_is_named() -> None:
    assert merge_gaps([(0.0, 4.0)], [], duration_s=10.0) == ()


def test_neighbouring_frames_of_one_cause_become_one_gap_and_rounding_none() -> None:
    frames = [(round(0.1 * i, 3), round(0.1 * (i + 1), 3)) for i in range(10)]
    gaps = merge_gaps([(1.0, 1.5), (1.51, 2.0)], [(TURNED_AWAY, frames)], duration_s=2.0)
    assert gaps == (Gap(0.0, 1.0, TURNED_AWAY),)


def test_gaps_end_with_the_recording() -> None:
    assert merge_gaps([], [(NO_FACE, [(-1.0, 3.0), (4.0, 9.0)])], duration_s=5.0) == (
        Gap(0.0, 3.0, NO_FACE),
        Gap(4.0, 5.0, NO_FACE),
    )
