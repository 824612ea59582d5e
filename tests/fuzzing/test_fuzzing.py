"""Fuzzing of what reads bytes from outside: recordings, pictures, pieces of uploads, messages of sockets.

A second each by default. ``FUZZ_SECONDS=300 FUZZ_SEED=7 pytest tests/fuzzing`` searches longer, elsewhere. What it
finds becomes a test of the module that was wrong, with the example in a few lines.
"""

import json
import os
import random
import subprocess
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.core.exceptions import ValidationError

from analysis.live import wire
from analysis.live.messages import DIRECTIONS
from analysis.live.protocol import AUDIO, FRAME
from interviews.errors import OffsetConflict
from interviews.services import upload_append, upload_begin
from ml.live.jpeg import InvalidFrame, decode, header_of
from tests.analysis.live.strategies import examples as messages_of
from tests.factories.media import make_recording
from tests.fuzzing.mutation import examples

SECONDS = float(os.environ.get("FUZZ_SECONDS", "1"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
ROOT = Path(__file__).resolve().parents[2]


def test_a_mutated_recording_is_read_or_refused_in_words(tmp_path: Path):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for suffix in (".mp4", ".mov", ".mkv", ".webm", ".avi"):
        make_recording(seeds / f"small{suffix}", duration_s=0.5, size=(96, 64))
    command = [sys.executable, "-m", "tests.fuzzing.media", str(tmp_path), str(SECONDS), str(SEED)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120 + 3 * SECONDS)
    if result.returncode:
        pytest.fail(f"status {result.returncode}, the file is {tmp_path / 'current'}\n{result.stderr[-3000:]}")
    assert int(result.stdout) > 5


def test_a_mutated_frame_has_its_headers_size_or_is_refused():
    picture = np.random.default_rng(1).integers(0, 256, (80, 96, 3), np.uint8)
    options = [[], [cv2.IMWRITE_JPEG_PROGRESSIVE, 1], [cv2.IMWRITE_JPEG_RST_INTERVAL, 2]]
    seeds = [cv2.imencode(".jpg", picture, option)[1].tobytes() for option in options]
    tried = 0
    for data in examples(seeds, seconds=SECONDS, seed=SEED):
        tried += 1
        with suppress(InvalidFrame):
            header = header_of(data)
            assert decode(data).shape == (header.height, header.width, 3)
    assert tried > 100


def test_a_mutated_message_is_of_the_protocol_or_refused():
    media = [
        wire.media_pack(wire.Media(FRAME, 1, 5.0, 0, b"x")),
        wire.media_pack(wire.Media(AUDIO, 1, 5.0, 16000, b"xy")),
    ]
    texts = [
        (direction, wire.text_pack(message).encode())
        for direction, kinds in DIRECTIONS.items()
        for kind in kinds
        for message in messages_of(kind, 2)
    ]
    seeds = [*media, *(text for _, text in texts)]
    directions = list(DIRECTIONS)
    tried = 0
    for data in examples(seeds, seconds=SECONDS, seed=SEED):
        tried += 1
        with suppress(wire.BadMessage):
            wire.media_unpack(data)
        text = data.decode(errors="replace")
        for direction in directions:
            with suppress(wire.BadMessage):
                message = wire.text_unpack(text, direction)
                json.loads(wire.text_pack(message))
    assert tried > 100


@pytest.mark.django_db
def test_pieces_in_any_order_leave_what_was_accepted_and_no_more(alice, settings):
    settings.UPLOAD_CHUNK_BYTES = 64
    chance = random.Random(SEED)
    upload = upload_begin(by=alice, file_name="a.mp4", size_bytes=200)
    accepted = b""
    for content in examples([b"0123456789" * 5], seconds=SECONDS, seed=SEED):
        offset = chance.choice((len(accepted), 0, len(accepted) - 1, len(accepted) + 1, 200, 10**17))
        piece = content * chance.choice((1, 1, 1, 3))
        try:
            upload = upload_append(upload=upload, offset=offset, piece=BytesIO(piece))
        except (OffsetConflict, ValidationError):
            upload.refresh_from_db()
        else:
            assert offset == len(accepted)
            accepted += piece
        assert upload.received_bytes == len(accepted) <= 200
        assert upload.path.read_bytes() == accepted
        if len(accepted) == 200 or chance.random() < 0.05:
            upload.path.unlink()
            upload.delete()
            upload, accepted = upload_begin(by=alice, file_name="a.mp4", size_bytes=200), b""
