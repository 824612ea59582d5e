"""Messages between the web process and its workers: whole or not at all."""

import asyncio
import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.live.engine import pipes
from tests.analysis.live.strategies import json_values

heads = st.dictionaries(st.text(max_size=5), json_values, max_size=3)


async def read_async(data: bytes) -> tuple[pipes.Head, bytes]:
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    return await pipes.read_async(stream)


@given(head=heads, body=st.binary(max_size=100))
def test_a_message_comes_out_as_it_went_in_on_both_ends(head: pipes.Head, body: bytes):
    data = pipes.pack(head, body)
    assert pipes.read(io.BytesIO(data)) == (head, body)
    assert asyncio.run(read_async(data)) == (head, body)


@given(cut=st.integers(1, 30))
def test_a_torn_message_is_none(cut: int):
    data = pipes.pack({"do": "work"}, b"frame")[:-cut]
    assert pipes.read(io.BytesIO(data)) is None
    with pytest.raises(pipes.PipeBroken):
        asyncio.run(read_async(data))


def test_a_length_that_cannot_be_right_breaks_the_pipe():
    data = struct.pack("<II", pipes.LARGEST_BYTES, 1)
    with pytest.raises(pipes.PipeBroken):
        pipes.read(io.BytesIO(data))
    with pytest.raises(pipes.PipeBroken):
        asyncio.run(read_async(data))


def test_what_is_not_json_breaks_the_pipe():
    with pytest.raises(pipes.PipeBroken):
        asyncio.run(read_async(struct.pack("<II", 4, 0) + b"oops"))
