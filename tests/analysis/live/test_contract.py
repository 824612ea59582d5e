"""What the pages are told of the protocol: made from the message types, and understood by their scripts."""

import json
import struct
from typing import Any, get_args

import pytest

from analysis.live import parts, protocol, wire
from analysis.live.contract import contract
from analysis.live.messages import DIRECTIONS, FROM_CANDIDATE
from analysis.live.protocol import AUDIO, FRAME
from interviews.models import Room
from tests.analysis.live.strategies import examples
from tests.scripts.node import evaluate

KEYWORDS = {
    *("$ref", "anyOf", "enum", "type", "maxLength", "minimum", "maximum"),
    *("items", "properties", "required", "additionalProperties"),
}
"""What ``schema.js`` checks; the other keywords only describe."""
DESCRIBING = {"title", "default"}


def keywords(schema: Any) -> set[str]:
    """Those of a schema and of every schema inside it."""
    inside = [schema.get("items"), schema.get("additionalProperties"), *schema.get("anyOf", ())]
    inside += schema.get("properties", {}).values()
    return set(schema).union(*(keywords(one) for one in inside if isinstance(one, dict)))


def run(script: str, side: str = "candidate", messages: Any = None) -> Any:
    """The ``answer`` of a script that uses ``protocol.js`` as ``p``, on a page of this side."""
    page = """
        const elements = { "room-protocol": { textContent: JSON.stringify(given.contract) } };
        globalThis.document = { getElementById: (id) => elements[id] ?? null };
        const p = await import("./static/js/room/protocol.js");
    """
    return evaluate(page + script, {"contract": contract(side), "messages": messages})


@pytest.mark.parametrize("side", ["candidate", "recruiter"])
def test_the_contract_has_a_schema_for_every_message_of_the_side_and_no_unknown_keyword(side):
    told = contract(side)
    assert len(told["sent"]) == len(DIRECTIONS[f"from_{side}"])
    assert len(told["received"]) == len(DIRECTIONS[f"to_{side}"])
    assert {*told["sent"].values(), *told["received"].values()} <= told["schemas"].keys()
    assert set().union(*map(keywords, told["schemas"].values())) <= KEYWORDS | DESCRIBING
    assert told["close_codes"]["4409"]["reconnect"] is False
    assert json.loads(json.dumps(told)) == told


def test_the_statuses_of_a_room_are_those_of_its_row():
    assert set(get_args(parts.RoomStatus)) == set(Room.Status.values)


def test_the_browser_packs_what_the_server_unpacks():
    seen = run(
        """
        const hex = (buffer) => Buffer.from(buffer).toString("hex");
        answer = {
          frame: hex(p.frameMessage(4294967295, 1764000000000.25, new Uint8Array([1, 2, 3]).buffer)),
          audio: hex(p.audioMessage(7, 1.5, 44100, new Int16Array([1, -2]))),
          header: p.readHeader(p.audioMessage(7, 1.5, 44100, new Int16Array([1, -2]))),
          hello: p.textMessage("hello", { protocol: 1, tab: "t", sent_ms: 1 }),
          known: p.readMessage('{"type":"frame_ack","sequence":1,"analysed":true,"new":1}'),
          close: [p.closeMeaning(4409).reconnect, p.closeMeaning(1006).reconnect],
        };
        """,
    )
    frame = wire.media_unpack(bytes.fromhex(seen["frame"]))
    assert frame == wire.Media(FRAME, 4294967295, 1764000000000.25, 0, bytes([1, 2, 3]))
    audio = wire.media_unpack(bytes.fromhex(seen["audio"]))
    assert audio == wire.Media(AUDIO, 7, 1.5, 44100, struct.pack("<hh", 1, -2))
    assert seen["header"] == {"kind": 2, "version": 1, "rateHz": 44100, "sequence": 7, "capturedMs": 1.5}
    assert wire.text_unpack(seen["hello"], FROM_CANDIDATE).tab == "t"
    assert seen["known"]["sequence"] == 1
    assert seen["close"] == [False, True]


def test_the_browser_refuses_what_is_not_of_the_protocol():
    sent = [
        ["hello", {"protocol": 1}],
        ["hello", {"protocol": 1, "tab": "t" * 3000, "sent_ms": 1}],
        ["leave", {"more": 1}],
        ["picture", {"wanted": True}],
        ["toString", {}],
        ["stage", {"stage": "hall"}],
        ["media", {"media": {"camera": True}}],
        ["signal", {"to": "x", "data": []}],
    ]
    received = [
        "no json",
        "null",
        "[]",
        '{"type": 1}',
        '{"type":"frame_ack","sequence":1.5,"analysed":true}',
        '{"type":"frame_ack","sequence":9007199254740992,"analysed":true}',
        '{"type":"frame_ack","sequence":1}',
        '{"type":"calibration","calibration":{"calibrated":true,"error_degrees":"2"}}',
        '{"type":"gaze","sequence":1,"iris":[1,"2"],"head":[],"openness":1}',
        '{"type":"reading"}',
    ]
    refusals = run(
        """
        const kind = (attempt) => { try { attempt(); return ""; } catch (error) { return error.constructor.name; } };
        answer = [
          ...given.messages.sent.map(([type, fields]) => kind(() => p.textMessage(type, fields))),
          ...given.messages.received.map((text) => kind(() => p.readMessage(text))),
          kind(() => p.audioMessage(1, 1, 22050, new Int16Array(2))),
          kind(() => p.frameMessage(1, 1, new ArrayBuffer(1 << 20))),
        ];
        """,
        messages={"sent": sent, "received": received},
    )
    assert refusals == ["ProtocolError"] * (len(sent) + len(received) + 2)


@pytest.mark.parametrize("side", ["candidate", "recruiter"])
def test_the_browser_reads_every_message_that_the_server_packs(side: str):
    texts = [wire.text_pack(message) for kind in DIRECTIONS[f"to_{side}"] for message in examples(kind)]
    read = run("answer = given.messages.map(p.readMessage);", side, texts)
    # JavaScript has one type of number: it writes a large float without a point.
    assert json.loads(json.dumps(read), parse_int=float) == [json.loads(text, parse_int=float) for text in texts]


def test_the_limits_fit_each_other():
    assert protocol.MIN_FPS < protocol.MAX_FPS
    assert protocol.PING_MS < protocol.IDLE_MS
