"""The lane file of a run: what its page shows of the timelines, in pieces that are read one at a time.

A recording of three hours has some 300,000 observations. The page never needs them all: it asks for tiles of a
multi-resolution pyramid (:mod:`analysis.reporting.lanes`) and for the stretches of one label. The file is one line of
JSON, which maps each piece's key to its place ``[offset, length]`` behind that line, and the pieces themselves, each
gzip-compressed JSON. A piece is sent to the browser as it is stored.

The file stands beside the timelines (:mod:`analysis.timelines`) that it is computed from, under a name derived from
theirs, and is deleted with them. It can be made again at any time.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

FORMAT: Final = 1
SUFFIX: Final = ".json.gz"


def lane_file_name(timeline_file: str) -> str:
    return f"{timeline_file.removesuffix(SUFFIX)}.lanes-{FORMAT}"


def lane_file_exists(timeline_file: str) -> bool:
    return bool(default_storage.exists(lane_file_name(timeline_file)))


def lane_file_write(timeline_file: str, pieces: Iterable[tuple[str, Any]]) -> None:
    """Store ``pieces``, plain data by key. Raises ``OSError`` or the storage's own error when it cannot."""
    index: dict[str, list[int]] = {}
    blobs: list[bytes] = []
    offset = 0
    for key, piece in pieces:
        blob = gzip.compress(json.dumps(piece, separators=(",", ":"), allow_nan=False).encode(), 6, mtime=0)
        index[key] = [offset, len(blob)]
        blobs.append(blob)
        offset += len(blob)
    head = json.dumps(index, separators=(",", ":")).encode() + b"\n"
    default_storage.save(lane_file_name(timeline_file), ContentFile(head + b"".join(blobs)))


def lane_piece_read(timeline_file: str, key: str) -> bytes | None:
    """One piece as gzip-compressed JSON; None where there is no such piece. Raises ``FileNotFoundError``."""
    with default_storage.open(lane_file_name(timeline_file)) as file:
        head = file.readline()
        place = json.loads(head).get(key)
        if place is None:
            return None
        file.seek(len(head) + place[0])
        piece: bytes = file.read(place[1])
    return piece
