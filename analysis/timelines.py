"""The stored timelines of a run: one gzip-compressed file of three lines of JSON in media storage.

Format 3: the first line has the intervals, for metrics and lanes. The second line has the probability vectors in the
same order; they are most of the bytes, and only some pages need them. The third line has a small JPEG picture of each
person in view, by number, in base64::

    {"format": 3, "run": "<uuid>", "duration_s": 20.0,
     "modalities": {"eye_gaze": {"labels": [...], "intervals": [[start_s, end_s, label, confidence], ...],
                                 "gaps": [[start_s, end_s, reason], ...]}, ...}}
    {"eye_gaze": [[p, ...], ...], ...}
    {"1": "/9j/4AAQ...", ...}

Formats 1 and 2, of older runs, have no pictures, and format 1 has no gaps; they are still read.

The file is written once, under a name that no other attempt uses, before the row that names it is committed; it is
never changed afterwards. A name in a row therefore always refers to a complete file.
Standard library and :mod:`ml.timeline` only: the web process reads these files to recompute metrics.
"""

from __future__ import annotations

import base64
import gzip
import itertools
import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from interviews.errors import Refusal
from ml.timeline import Gap, Observation, Timeline

FORMAT: Final = 3
READABLE: Final = (1, 2, 3)
FOLDER: Final = "timelines"


class TimelinesError(Refusal):
    """The timelines of a run cannot be read."""

    def __init__(self, sentence: str) -> None:
        super().__init__("timelines_unreadable", sentence)


class TimelinesMissing(TimelinesError):
    def __init__(self) -> None:
        super().__init__(
            "The timelines of this analysis are missing from storage. Analyse the recording again to restore them."
        )


class TimelinesDamaged(TimelinesError):
    def __init__(self) -> None:
        super().__init__(
            "The stored timelines of this analysis are damaged. Analyse the recording again to restore them."
        )


@dataclass(frozen=True, slots=True)
class StoredTimelines:
    duration_s: float
    timelines: dict[str, Timeline]


def timelines_write(
    *,
    run_id: UUID,
    attempt: UUID,
    duration_s: float,
    timelines: Mapping[str, Timeline],
    pictures: Mapping[int, bytes] | None = None,
) -> str:
    """Store the timelines of one attempt with the ``pictures`` of the people in view, JPEG files by number; returns the
    name to keep in the row.

    Raises ``OSError`` (or the storage's own error) when they cannot be stored; nothing is left behind then.
    """
    stored = {key: timeline.to_json() for key, timeline in timelines.items()}
    head = {
        "format": FORMAT,
        "run": str(run_id),
        "duration_s": duration_s,
        "modalities": {
            key: {
                "labels": data["labels"],
                "intervals": [row[:4] for row in data["observations"]],
                "gaps": data["gaps"],
            }
            for key, data in stored.items()
        },
    }
    probabilities = {key: [row[4] for row in data["observations"]] for key, data in stored.items()}
    encoded = {number: base64.b64encode(picture).decode() for number, picture in (pictures or {}).items()}
    lines = [json.dumps(part, separators=(",", ":"), allow_nan=False) for part in (head, probabilities, encoded)]
    data = gzip.compress("\n".join(lines).encode(), compresslevel=6, mtime=0)
    name = f"{FOLDER}/{run_id}/{attempt}.json.gz"
    try:
        return default_storage.save(name, ContentFile(data))
    except BaseException:
        default_storage.delete(name)
        raise


def timelines_read(name: str, *, with_probabilities: bool = False) -> StoredTimelines:
    """Read what :func:`timelines_write` stored; observations have no probabilities unless requested.

    Raises :class:`TimelinesMissing` or :class:`TimelinesDamaged`. Any other ``OSError`` is a fault of the storage and
    is passed on.
    """
    data = _file(name)
    try:
        head, probabilities, *_ = gzip.decompress(data).split(b"\n")
        return _parse(json.loads(head), json.loads(probabilities) if with_probabilities else None)
    except (EOFError, gzip.BadGzipFile, zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TimelinesDamaged from error


def picture_read(name: str, number: int) -> bytes | None:
    """The JPEG picture of one person, as :func:`timelines_write` stored it; ``None`` if there is none of that number.

    Raises as :func:`timelines_read`.
    """
    data = _file(name)
    try:
        lines = gzip.decompress(data).split(b"\n")
        encoded = json.loads(lines[2]).get(str(number)) if len(lines) > 2 else None
        return None if encoded is None else base64.b64decode(encoded)
    except (EOFError, gzip.BadGzipFile, zlib.error, ValueError, TypeError, AttributeError) as error:
        raise TimelinesDamaged from error


def timelines_rewrite(name: str, *, run_id: UUID, attempt: UUID, kept: Collection[str]) -> str:
    """Store the timelines of ``name`` again with the modalities ``kept`` alone; returns the new name.

    Raises as :func:`timelines_read` and :func:`timelines_write`.
    """
    stored = timelines_read(name, with_probabilities=True)
    try:
        lines = gzip.decompress(_file(name)).split(b"\n")
        encoded = json.loads(lines[2]) if len(lines) > 2 else {}
    except (EOFError, gzip.BadGzipFile, zlib.error, ValueError) as error:
        raise TimelinesDamaged from error
    return timelines_write(
        run_id=run_id,
        attempt=attempt,
        duration_s=stored.duration_s,
        timelines={key: timeline for key, timeline in stored.timelines.items() if key in kept},
        pictures={int(number): base64.b64decode(picture) for number, picture in encoded.items()},
    )


def timelines_delete(run_id: UUID) -> None:
    """Remove every timeline file of a run, also those that an interrupted attempt left behind."""
    folder = f"{FOLDER}/{run_id}"
    try:
        _, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for file in files:
        default_storage.delete(f"{folder}/{file}")
    default_storage.delete(folder)


def _file(name: str) -> bytes:
    if not name:
        raise TimelinesMissing
    try:
        with default_storage.open(name) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        raise TimelinesMissing from None
    return content


def _parse(head: Any, probabilities: Any | None) -> StoredTimelines:
    if head["format"] not in READABLE:
        raise ValueError(f"format {head['format']!r} is not one of {READABLE}")
    timelines = {}
    for key, data in head["modalities"].items():
        vectors = itertools.repeat(()) if probabilities is None else probabilities[key]
        rows = zip(data["intervals"], vectors, strict=probabilities is not None)
        timelines[key] = Timeline(
            modality=key,
            labels=tuple(data["labels"]),
            observations=tuple(
                Observation(start_s, end_s, label, confidence, tuple(vector))
                for (start_s, end_s, label, confidence), vector in rows
            ),
            gaps=tuple(Gap(*row) for row in data.get("gaps", ())),
        )
    return StoredTimelines(duration_s=float(head["duration_s"]), timelines=timelines)
