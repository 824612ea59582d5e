"""The outermost elements of Matroska files."""

import pytest

from ml.media.ebml import EBML, SEGMENT, documents

HEADER = EBML + b"\x81\x00"
FINISHED = HEADER + SEGMENT + b"\x40\x03abc"
LIVE = HEADER + SEGMENT + b"\x01" + b"\xff" * 7 + b"abcd"


@pytest.mark.parametrize(
    ("content", "first_bytes"),
    [
        (b"", []),
        (b"ftyp", []),
        (FINISHED, [0]),
        (FINISHED + FINISHED + FINISHED, [0, 15, 30]),
        (LIVE + FINISHED, [0, 22]),
        (LIVE + EBML + LIVE, [0, 26]),
        (FINISHED + b"\x00" + FINISHED, [0]),
        (FINISHED[:5], []),
        (HEADER + b"none" + b"\x81\x00", []),
    ],
    ids=["empty", "mp4", "one", "three", "live first", "magic inside", "data between", "cut", "no segment"],
)
def test_the_files_that_lie_one_after_the_other(content, first_bytes):
    assert list(documents(content)) == first_bytes
