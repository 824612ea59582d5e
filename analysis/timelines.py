"""The stored timelines of a run: one gzip-compressed file of lines of JSON in media storage.

Format 4: the first line names the modalities, the second has a small JPEG picture of each person in view, by number, in
base64. Two lines follow for each modality: its observations, in columns of whole numbers, milliseconds and
ten-thousandths, which are read in a quarter of the time of rows; and the probability vectors in the same order, which
are most of the bytes and which only some pages need. ``read`` is the position of the label; one past the last is
``unknown``::

    {"format": 4, "run": "<uuid>", "duration_s": 20.0, "modalities": ["eye_gaze", ...]}
    {"1": "/9j/4AAQ...", ...}
    {"labels": [...], "starts": [...], "ends": [...], "read": [...], "confidences": [...],
     "gaps": [[start_s, end_s, reason], ...]}
    [[p, ...], ...]
    ...

Formats 1 to 3, of older runs, are still read. Their first line has all observations in rows (``"modalities":
{"eye_gaze": {"labels": [...], "intervals": [[start_s, end_s, label, confidence], ...], "gaps": [...]}}``), their second
one all probabilities; formats 1 and 2 have no pictures, and format 1 has no gaps.

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
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from interviews.errors import Refusal
from ml.timeline import UNKNOWN, Gap, Observation, Timeline

FORMAT: Final = 4
WITH_ROWS: Final = (1, 2, 3)
PICTURES_LINE: Final = {3: 2, 4: 1}
"""By format; older ones have none."""
MS: Final = 1000
PARTS: Final = 10_000
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
    stored = {key: timeline.rounded() for key, timeline in timelines.items()}
    head = {"format": FORMAT, "run": str(run_id), "duration_s": duration_s, "modalities": list(stored)}
    parts: list[Any] = [head]
    parts.append({number: base64.b64encode(picture).decode() for number, picture in (pictures or {}).items()})
    for timeline in stored.values():
        parts += [_columns(timeline), [o.probabilities for o in timeline.observations]]
    lines = [json.dumps(part, separators=(",", ":"), allow_nan=False) for part in parts]
    data = gzip.compress("\n".join(lines).encode(), compresslevel=6, mtime=0)
    name = f"{FOLDER}/{run_id}/{attempt}.json.gz"
    try:
        return default_storage.save(name, ContentFile(data))
    except BaseException:
        default_storage.delete(name)
        raise


def timelines_read(
    name: str, *, with_probabilities: bool = False, modalities: Collection[str] | None = None
) -> StoredTimelines:
    """Read what :func:`timelines_write` stored, of all modalities or of these; observations have no probabilities
    unless requested. Of three hours, a modality takes about 0.3 s of processor time, with probabilities 0.7 s.

    Raises :class:`TimelinesMissing` or :class:`TimelinesDamaged`. Any other ``OSError`` is a fault of the storage and
    is passed on.
    """
    lines = _lines(name)
    try:
        head = json.loads(lines[0])
        kept = [key for key in head["modalities"] if modalities is None or key in modalities]
        read = _rows_read if head["format"] in WITH_ROWS else _columns_read
        return StoredTimelines(float(head["duration_s"]), read(head, lines, kept, with_probabilities))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise TimelinesDamaged from error


def pictures_read(name: str) -> dict[int, bytes]:
    """The JPEG picture of each person in view by number, as :func:`timelines_write` stored them.

    Raises as :func:`timelines_read`.
    """
    lines = _lines(name)
    try:
        at = PICTURES_LINE.get(json.loads(lines[0])["format"])
        encoded = {} if at is None else json.loads(lines[at])
        return {int(number): base64.b64decode(picture) for number, picture in encoded.items()}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise TimelinesDamaged from error


def timelines_rewrite(name: str, *, run_id: UUID, attempt: UUID, kept: Collection[str]) -> str:
    """Store the timelines of ``name`` again with the modalities ``kept`` alone; returns the new name.

    Raises as :func:`timelines_read` and :func:`timelines_write`.
    """
    stored = timelines_read(name, with_probabilities=True, modalities=kept)
    return timelines_write(
        run_id=run_id,
        attempt=attempt,
        duration_s=stored.duration_s,
        timelines=stored.timelines,
        pictures=pictures_read(name),
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


def _lines(name: str) -> list[bytes]:
    if not name:
        raise TimelinesMissing
    try:
        with default_storage.open(name) as file:
            content: bytes = file.read()
        return gzip.decompress(content).split(b"\n")
    except FileNotFoundError:
        raise TimelinesMissing from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise TimelinesDamaged from error


def _columns(timeline: Timeline) -> dict[str, Any]:
    position = {label: at for at, label in enumerate((*timeline.labels, UNKNOWN))}
    return {
        "labels": timeline.labels,
        "starts": [round(o.start_s * MS) for o in timeline.observations],
        "ends": [round(o.end_s * MS) for o in timeline.observations],
        "read": [position[o.label] for o in timeline.observations],
        "confidences": [round(o.confidence * PARTS) for o in timeline.observations],
        "gaps": timeline.gaps,
    }


def _columns_read(
    head: Any, lines: Sequence[bytes], kept: Collection[str], with_probabilities: bool
) -> dict[str, Timeline]:
    if head["format"] != FORMAT:
        raise ValueError(f"format {head['format']!r} cannot be read")
    found = {}
    for at, key in enumerate(head["modalities"]):
        if key not in kept:
            continue
        data = json.loads(lines[2 + 2 * at])
        labels = (*data["labels"], UNKNOWN)
        if min(data["read"], default=0) < 0:
            raise ValueError("the position of a label is negative")
        rows = zip(
            (start / MS for start in data["starts"]),
            (end / MS for end in data["ends"]),
            (labels[position] for position in data["read"]),
            (confidence / PARTS for confidence in data["confidences"]),
            strict=True,
        )
        found[key] = _timeline(key, data, rows, json.loads(lines[3 + 2 * at]) if with_probabilities else None)
    return found


def _rows_read(
    head: Any, lines: Sequence[bytes], kept: Collection[str], with_probabilities: bool
) -> dict[str, Timeline]:
    found = {key: data for key, data in head["modalities"].items() if key in kept}
    of_all = lines[1]
    vectors = json.loads(of_all) if with_probabilities else dict.fromkeys(found)
    return {key: _timeline(key, data, data["intervals"], vectors[key]) for key, data in found.items()}


def _timeline(key: str, data: Any, rows: Iterable[Any], vectors: Any | None) -> Timeline:
    of_row = itertools.repeat(()) if vectors is None else map(tuple, vectors)
    return Timeline(
        modality=key,
        labels=tuple(data["labels"]),
        observations=tuple(
            Observation(start_s, end_s, label, confidence, vector)
            for (start_s, end_s, label, confidence), vector in zip(rows, of_row, strict=vectors is not None)
        ),
        gaps=tuple(Gap(*row) for row in data.get("gaps", ())),
    )
