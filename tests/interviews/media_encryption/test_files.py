"""The format of encrypted files: any part can be read, and nothing can be changed, moved or cut off unnoticed."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.media_encryption.files import (
    CHUNK_BYTES,
    MAGIC,
    TAG_BYTES,
    Damaged,
    DecryptedFile,
    content_size,
    encrypted,
    encrypted_size,
    new_key,
)

KEY = new_key()
WHOLE = MAGIC_AND_CHUNK = len(MAGIC) + CHUNK_BYTES + TAG_BYTES


def content(size: int) -> bytes:
    return bytes(range(251)) * (size // 251) + bytes(range(size % 251))


def sealed(size: int) -> bytes:
    return b"".join(encrypted([content(size)], KEY))


def opened(data: bytes, key: bytes = KEY) -> io.BufferedReader:
    return io.BufferedReader(DecryptedFile(io.BytesIO(data), key))


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_what_was_encrypted_comes_back_with_its_size(size):
    data = sealed(size)
    assert content_size(len(data)) == size
    assert encrypted_size(size) == len(data)
    assert opened(data).read() == content(size)
    assert content(size)[:100] not in data or size < 5


@given(st.lists(st.integers(0, 2 * CHUNK_BYTES), max_size=4), st.integers(0, 300_000), st.integers(0, 200_000))
def test_any_part_can_be_read_whatever_the_blocks_it_came_in(sizes, start, length):
    blocks = [content(size) for size in sizes]
    whole = b"".join(blocks)
    file = opened(b"".join(encrypted(blocks, KEY)))
    file.seek(start)
    assert file.read(length) == whole[start : start + length]


@pytest.mark.parametrize(
    "changed",
    [
        lambda data: data[:WHOLE],  # cut off at the border of a chunk
        lambda data: data[:-1],
        lambda data: data + bytes(TAG_BYTES),
        lambda data: data[:WHOLE] + data[len(MAGIC) : WHOLE],  # the first chunk twice
        lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
        lambda data: data[: len(MAGIC)],
    ],
)
def test_a_changed_file_is_not_read(changed):
    with pytest.raises(Damaged):
        opened(changed(sealed(2 * CHUNK_BYTES))).read()


@pytest.mark.parametrize("size", [0, 100])
def test_another_key_reads_nothing(size):
    with pytest.raises(Damaged):
        opened(sealed(size), new_key()).read()
