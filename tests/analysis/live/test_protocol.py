"""The contract of the two sockets: alike in Python and JavaScript, strict about whatever comes from a browser."""

import json
import shutil
import struct
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.live import protocol, wire
from analysis.live.protocol import AUDIO, FRAME, FROM_CANDIDATE, FROM_RECRUITER, MESSAGES, SHAPES

MIRROR = Path(__file__).resolve().parents[3] / "static/js/room/protocol.js"

times = st.floats(min_value=0, max_value=2**52)
sequences = st.integers(min_value=0, max_value=2**32 - 1)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_the_browser_carries_the_same_contract():
    text = MIRROR.read_text()
    start, end = text.index("/* contract */") + len("/* contract */"), text.index("/* end of contract */")
    assert json.loads(text[start:end]) == protocol.contract()


def test_every_type_in_the_contract_is_known():
    known = {*SHAPES, "string", "integer", "number", "boolean", "object"}
    fields = [f for messages in MESSAGES.values() for shape in messages.values() for f in shape.values()]
    fields += [f for shape in SHAPES.values() for f in shape.values()]
    inner = {f.removesuffix("?").strip("[]{}") for f in fields}
    assert {f for f in inner if "|" not in f} <= known


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")
def test_the_browser_packs_what_the_server_unpacks(tmp_path: Path):
    (tmp_path / "protocol.mjs").write_bytes(MIRROR.read_bytes())
    (tmp_path / "main.mjs").write_text(
        """
        import * as p from "./protocol.mjs";
        const hex = (buffer) => Buffer.from(buffer).toString("hex");
        console.log(JSON.stringify({
          frame: hex(p.frameMessage(4294967295, 1764000000000.25, new Uint8Array([1, 2, 3]).buffer)),
          audio: hex(p.audioMessage(7, 1.5, 44100, new Int16Array([1, -2]))),
          header: p.readHeader(p.audioMessage(7, 1.5, 44100, new Int16Array([1, -2]))),
          hello: p.textMessage("from_candidate", "hello", { protocol: 1, tab: "t", sent_ms: 1 }),
          known: p.readMessage("to_candidate", '{"type":"frame_ack","sequence":1,"analysed":true,"new":1}'),
          close: [p.closeMeaning(4409).reconnect, p.closeMeaning(1006).reconnect],
          refused: [
            () => p.textMessage("from_candidate", "hello", { protocol: 1 }),
            () => p.textMessage("from_candidate", "leave", { more: 1 }),
            () => p.textMessage("from_recruiter", "leave", {}),
            () => p.readMessage("to_candidate", '{"type":"frame_ack","sequence":1.5,"analysed":true}'),
            () => p.audioMessage(1, 1, 22050, new Int16Array(2)),
          ].map((attempt) => { try { attempt(); return ""; } catch (error) { return error.constructor.name; } }),
        }));
        """
    )
    result = subprocess.run(["node", tmp_path / "main.mjs"], capture_output=True, text=True, check=True)
    seen = json.loads(result.stdout)
    frame = wire.media_unpack(bytes.fromhex(seen["frame"]))
    assert frame == wire.Media(FRAME, 4294967295, 1764000000000.25, 0, bytes([1, 2, 3]))
    audio = wire.media_unpack(bytes.fromhex(seen["audio"]))
    assert audio == wire.Media(AUDIO, 7, 1.5, 44100, struct.pack("<hh", 1, -2))
    assert seen["header"] == {"kind": 2, "version": 1, "rateHz": 44100, "sequence": 7, "capturedMs": 1.5}
    assert wire.text_unpack(seen["hello"], FROM_CANDIDATE)["tab"] == "t"
    assert seen["known"]["sequence"] == 1
    assert seen["close"] == [False, True]
    assert seen["refused"] == ["ProtocolError"] * 5


@given(sequence=sequences, captured_ms=times, payload=st.binary(min_size=1, max_size=200))
def test_frames_come_out_as_they_went_in(sequence: int, captured_ms: float, payload: bytes):
    frame = wire.Media(FRAME, sequence, captured_ms, 0, payload)
    assert wire.media_unpack(wire.media_pack(frame)) == frame


@given(data=st.binary(max_size=64))
def test_no_binary_message_does_more_than_be_refused(data: bytes):
    with suppress(wire.BadMessage):
        assert wire.media_unpack(data).payload


@pytest.mark.parametrize(
    ("kind", "rate_hz", "size", "code"),
    [
        (FRAME, 0, protocol.FRAME_BYTES + 1, protocol.TOO_LARGE),
        (AUDIO, 48000, protocol.AUDIO_BYTES + 2, protocol.TOO_LARGE),
        (AUDIO, 48000, 3, protocol.PROTOCOL_ERROR),
        (AUDIO, 100, 4, protocol.PROTOCOL_ERROR),
        (3, 0, 4, protocol.PROTOCOL_ERROR),
    ],
)
def test_media_beyond_the_limits_is_refused(kind: int, rate_hz: int, size: int, code: int):
    with pytest.raises(wire.BadMessage) as refused:
        wire.media_unpack(wire.media_pack(wire.Media(kind, 1, 1.0, rate_hz, bytes(size))))
    assert refused.value.close_code == code


@pytest.mark.parametrize("captured_ms", [float("nan"), float("inf"), -1.0])
def test_a_capture_time_is_a_time(captured_ms: float):
    with pytest.raises(wire.BadMessage):
        wire.media_unpack(wire.media_pack(wire.Media(FRAME, 1, captured_ms, 0, b"x")))


@pytest.mark.parametrize(
    "message",
    [
        {"type": "hello", "protocol": 1, "tab": "t", "sent_ms": 1.5},
        {"type": "ping", "sent_ms": 1},
        {"type": "ping", "sent_ms": 1, "rtt_ms": None},
        {"type": "stage", "stage": "call"},
        {"type": "signal", "to": "x", "data": {"candidate": None}},
        {"type": "leave"},
    ],
)
def test_what_the_protocol_names_is_accepted(message: dict[str, Any]):
    assert wire.text_unpack(json.dumps(message), FROM_CANDIDATE)["type"] == message["type"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"type": 1}',
        '{"type": "reading"}',
        '{"type": "picture", "wanted": true}',
        '{"type": "leave", "more": 1}',
        '{"type": "ping", "sent_ms": "1"}',
        '{"type": "ping", "sent_ms": NaN}',
        '{"type": "ping", "sent_ms": 1e999}',
        '{"type": "ping", "sent_ms": true}',
        '{"type": "stage", "stage": "hall"}',
        '{"type": "signal", "to": "x", "data": []}',
        '{"type": "hello", "protocol": 1.5, "tab": "t", "sent_ms": 1}',
        '{"type": "hello", "protocol": 1, "tab": "' + "t" * 3000 + '", "sent_ms": 1}',
        "[" * 60_000,
    ],
)
def test_anything_else_is_refused(text: str):
    with pytest.raises(wire.BadMessage):
        wire.text_unpack(text, FROM_CANDIDATE)


def test_a_long_text_is_refused_as_too_large():
    with pytest.raises(wire.BadMessage) as refused:
        wire.text_unpack(json.dumps({"type": "signal", "to": "x", "data": {"d": "x" * 70_000}}), FROM_RECRUITER)
    assert refused.value.close_code == protocol.TOO_LARGE


@given(type_=st.sampled_from(sorted(MESSAGES[FROM_CANDIDATE])), fields=st.dictionaries(st.text(), anything, max_size=4))
def test_no_text_message_does_more_than_be_refused(type_: str, fields: dict[str, Any]):
    with suppress(wire.BadMessage):
        message = wire.text_unpack(json.dumps({**fields, "type": type_}), FROM_CANDIDATE)
        assert wire.problem_of(message, FROM_CANDIDATE) == ""
