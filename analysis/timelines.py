"""The stored timelines of a run: one gzip-compressed JSON file in media storage.

Format 1::

    {"format": 1, "run": "<uuid>", "duration_s": 20.0,
     "modalities": {"eye_gaze": {"labels": ["center", ...],
                                 "observations": [[start_s, end_s, label, confidence, [p, ...]], ...]}, ...}}

The file is written once, under a name that no other attempt uses, before the row that names it is committed; it is
never changed afterwards. So whoever reads a name from a row reads a whole file.
Standard library and :mod:`ml.timeline` only: the web process reads these files to recompute metrics.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ml.timeline import Timeline

FORMAT: Final = 1
FOLDER: Final = "timelines"


class TimelinesError(Exception):
    """The timelines of a run cannot be read; ``str(error)`` is a sentence for the recruiter."""


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


def timelines_write(*, run_id: UUID, attempt: UUID, duration_s: float, timelines: Mapping[str, Timeline]) -> str:
    """Store the timelines of one attempt; returns the name to keep in the row.

    Raises ``OSError`` (or the storage's own error) when they cannot be stored; nothing is left behind then.
    """
    content = {
        "format": FORMAT,
        "run": str(run_id),
        "duration_s": duration_s,
        "modalities": {key: timeline.to_json() for key, timeline in timelines.items()},
    }
    data = gzip.compress(json.dumps(content, separators=(",", ":"), allow_nan=False).encode(), compresslevel=6, mtime=0)
    name = f"{FOLDER}/{run_id}/{attempt}.json.gz"
    try:
        return default_storage.save(name, ContentFile(data))
    except BaseException:
        default_storage.delete(name)
        raise


def timelines_read(name: str) -> StoredTimelines:
    """Read what :func:`timelines_write` stored. Raises :class:`TimelinesMissing` or :class:`TimelinesDamaged`;
    an ``OSError`` of another kind is the storage's trouble, not the file's, and passes through."""
    if not name:
        raise TimelinesMissing
    try:
        with default_storage.open(name) as file:
            data = file.read()
    except FileNotFoundError:
        raise TimelinesMissing from None
    try:
        return _parse(json.loads(gzip.decompress(data)))
    except (EOFError, gzip.BadGzipFile, zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TimelinesDamaged from error


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


def _parse(content: Any) -> StoredTimelines:
    if content["format"] != FORMAT:
        raise ValueError(f"format {content['format']!r} is not {FORMAT}")
    return StoredTimelines(
        duration_s=float(content["duration_s"]),
        timelines={key: Timeline.from_json(key, data) for key, data in content["modalities"].items()},
    )
