"""The messages of the live sockets on the wire: strict about whatever comes from a browser."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.live import messages, parts, protocol, wire
from analysis.live.messages import DIRECTIONS, FROM_CANDIDATE, FROM_RECRUITER, TO_RECRUITER
from analysis.live.protocol import AUDIO, FRAME
from tests.analysis.live.strategies import instances, json_values

times = st.floats(min_value=0, max_value=2**52)
sequences = st.integers(min_value=0, max_value=2**32 - 1)
every_message = [(direction, kind) for direction, kinds in DIRECTIONS.items() for kind in kinds]
named = st.sampled_from(every_message)


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
        {"sent_ms": 1, "rtt_ms": 2.5, "type": "ping"},
        {"type": "stage", "stage": "call"},
        {"type": "signal", "to": "x", "data": {"candidate": None}},
        {"type": "leave"},
    ],
)
def test_what_the_protocol_names_is_accepted(message: dict[str, Any]):
    unpacked = wire.text_unpack(json.dumps(message), FROM_CANDIDATE)
    packed = json.loads(wire.text_pack(unpacked))
    assert {name: value for name, value in packed.items() if value is not None or name in message} == message


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
        '{"type": "signal", "to": "x", "data": {"a": 1e999}}',
        '{"type": "signal", "to": "x", "data": {"a": "\\ud800"}}',
        '{"type": "signal", "to": "x", "data": {"a": ' + "[" * 60_000,
        '{"type": "signal", "to": "x", "data": ' + '{"a":' * 10_000 + "1" + "}" * 10_001,
        '{"type": "signal", "to": "x", "data": {"a": ' + "1" * 400 + "}}",
        '{"type": "signal", "to": "x", "data": ' + '{"a":' * 9 + "1" + "}" * 10,
        '{"type": "ping", "sent_ms": ' + "1" * 400 + "}",
        '{"type": "hello", "protocol": 9007199254740992, "tab": "t", "sent_ms": 1}',
        '{"type": "leave", "' + "x" * 60_000 + '": 1}',
        '{"type": "' + "x" * 60_000 + '"}',
        "\ud800",
        "[" * 60_000,
    ],
)
def test_anything_else_is_refused(text: str):
    with pytest.raises(wire.BadMessage) as refused:
        wire.text_unpack(text, FROM_CANDIDATE)
    assert refused.value.close_code == protocol.PROTOCOL_ERROR
    assert str(refused.value).endswith(".")
    assert len(str(refused.value)) < 300, "the answer does not repeat a long message"


def test_a_long_text_is_refused_as_too_large():
    with pytest.raises(wire.BadMessage) as refused:
        wire.text_unpack(json.dumps({"type": "signal", "to": "x", "data": {"d": "x" * 70_000}}), FROM_RECRUITER)
    assert refused.value.close_code == protocol.TOO_LARGE


@settings(deadline=None)
@given(data=st.data(), of=named)
def test_every_message_comes_out_as_it_went_in(data: st.DataObject, of: tuple[str, Any]):
    direction, kind = of
    message = data.draw(instances(kind))
    assert wire.text_unpack(wire.text_pack(message), direction) == message


@settings(deadline=None)
@given(data=st.data(), of=named)
def test_a_message_with_one_field_changed_is_refused_or_means_what_it_says(data: st.DataObject, of: tuple[str, Any]):
    direction, kind = of
    fields = json.loads(wire.text_pack(data.draw(instances(kind))))
    name = data.draw(st.sampled_from(sorted(fields)) | st.text(max_size=5))
    fields[name] = data.draw(json_values)
    with suppress(wire.BadMessage):
        unpacked = json.loads(wire.text_pack(wire.text_unpack(json.dumps(fields), direction)))
        assert {k: v for k, v in unpacked.items() if v is not None} == {
            k: v for k, v in fields.items() if v is not None
        }


@given(
    type_=st.text() | st.sampled_from(["hello", "ping", "signal", "media"]),
    fields=st.dictionaries(st.text(), json_values),
)
def test_no_text_message_does_more_than_be_refused(type_: str, fields: dict[str, Any]):
    with suppress(wire.BadMessage):
        assert isinstance(wire.text_unpack(json.dumps({**fields, "type": type_}), FROM_CANDIDATE), messages.Message)


@given(text=st.text())
def test_no_text_does_more_than_be_refused(text: str):
    with pytest.raises(wire.BadMessage):
        wire.text_unpack(text, FROM_RECRUITER)


def test_what_is_not_known_is_null_and_what_does_not_apply_is_absent():
    face = parts.ModalityReading(False, "No face is in the picture.", None, 0.0, {})
    speech = parts.ModalityReading(True, "", "calm", 0.5, {"calm": 0.5}, window=[1000, 2500])
    read = {"facial_expression": face, "speech_emotion": speech}
    packed = json.loads(wire.text_pack(messages.NewReadings(1, 2.5, 0.5, None, read, {})))
    assert packed["faces"] is None
    assert packed["modalities"] == {
        "facial_expression": {
            "available": False,
            "reason": "No face is in the picture.",
            "label": None,
            "confidence": 0.0,
            "probabilities": {},
        },
        "speech_emotion": {
            "available": True,
            "reason": "",
            "label": "calm",
            "confidence": 0.5,
            "probabilities": {"calm": 0.5},
            "window": [1000, 2500],
        },
    }
    assert wire.text_pack(messages.SignalFrom("a", {})) == '{"type":"signal","from":"a","data":{}}'
    assert wire.text_unpack('{"type":"signal","from":"a","data":{}}', TO_RECRUITER) == messages.SignalFrom("a", {})
