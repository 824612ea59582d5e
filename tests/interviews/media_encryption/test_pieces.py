"""Files that are encrypted while they arrive: a broken connection costs a piece, and nothing can be moved unnoticed."""

import io

import pytest

from interviews.media_encryption.files import CHUNK_BYTES, Damaged, new_key
from interviews.media_encryption.pieces import HEADER_BYTES, piece_append, pieces_end, pieces_read

KEY = new_key()
PIECES = [b"a" * (CHUNK_BYTES + 7), b"b", b"c" * 500]
WHOLE = b"".join(PIECES)


def arrived() -> io.BytesIO:
    file = io.BytesIO()
    for piece in PIECES:
        assert piece_append(file, KEY, [piece[:3], piece[3:]]) == len(piece)
    return file


def read(file: io.BytesIO, key: bytes = KEY) -> bytes:
    return b"".join(pieces_read(file, key))


def test_pieces_come_back_as_one_content() -> None:
    file = arrived()
    assert read(file) == WHOLE
    assert pieces_end(file) == (len(file.getvalue()), len(WHOLE))
    assert b"ccccc" not in file.getvalue()


@pytest.mark.parametrize("left", [1, HEADER_BYTES, HEADER_BYTES + 100])
def test_a_piece_that_broke_off_did_not_arrive(left: int) -> None:
    file = arrived()
    size_bytes = len(file.getvalue())

    def breaks() -> object:
        yield b"d" * 2 * CHUNK_BYTES
        raise ConnectionError

    with pytest.raises(ConnectionError):
        piece_append(file, KEY, breaks())  # type: ignore[arg-type]
    assert pieces_end(file)[1] == len(WHOLE)
    file.truncate(size_bytes + left)
    assert read(file) == WHOLE
    assert piece_append(file, KEY, [b"again"]) == 5
    assert read(file) == WHOLE + b"again"


def test_what_was_not_acknowledged_is_found_by_its_offset() -> None:
    file = arrived()
    at, content = pieces_end(file, offset=len(PIECES[0]))
    assert content == len(PIECES[0])
    file.truncate(at)
    assert read(file) == PIECES[0]


def test_a_piece_that_is_sent_again_is_encrypted_with_another_key() -> None:
    once, again = io.BytesIO(), io.BytesIO()
    for file in (once, again):
        piece_append(file, KEY, [b"the same words"])
    assert once.getvalue()[HEADER_BYTES:] != again.getvalue()[HEADER_BYTES:]


def test_pieces_that_were_moved_or_changed_are_not_read() -> None:
    file = arrived()
    data, first = file.getvalue(), pieces_end(file, offset=1)[0]
    second = pieces_end(file, offset=len(PIECES[0]) + 1)[0]
    moved = data[first:second] + data[:first] + data[second:]
    changed = data[:-20] + bytes([data[-20] ^ 1]) + data[-19:]
    for broken in (moved, data[first:], changed, b"x" * 100):
        with pytest.raises(Damaged):
            read(io.BytesIO(broken))
    with pytest.raises(Damaged):
        read(file, new_key())
