"""Remuxes the takes of a live recording into one file on the room's clock: seekable, with a duration, gaps kept.

``python -m ml.media.remux`` reads ``{"takes": [{"number", "offset_s", "parts": [path, ...]}, ...], "end_s": second,
"stem": path}`` from standard input and prints one line of JSON: ``{"ok": true, "path", "start_s", "takes": [{"number",
"read_bytes"}], "encoded_anew", "notes": [sentence, ...]}`` or ``{"ok": false, "sentence"}``. Meant to run in a process
of its own, like the probe.

Packets are copied as they are. Only takes that were recorded differently (another browser, another picture size) cannot
follow each other in one track; then all are encoded anew. Where takes overlap the newer one is kept, since the
candidate's newest page is the one that counts; once it ends, the older one goes on.
"""

import json
import math
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from ml.media.encoding import encode
from ml.media.errors import MediaError
from ml.media.merging import Placed, merged, open_all, place
from ml.media.packets import CONTAINER_OPTIONS, PacketWriter
from ml.media.spans import holes
from ml.media.takes import Scan, Take, take_scan

WEBM: Final = ({"vp8", "vp9", "av1", "libdav1d"}, {"opus", "vorbis", "libvorbis"})
MP4: Final = ({"h264", "hevc", "av1", "libdav1d"}, {"aac", "opus", "mp3"})
AFTER_THE_END: Final = "The recording was cut at the end of the interview."
NOTHING: Final = "Neither picture nor sound could be read from what was received of the recording."
NO_PICTURE: Final = "There is no picture, only sound."
SEAM_S: Final = 0.3
"""A shorter time without a picture is the seam of two takes."""


@dataclass(frozen=True, slots=True)
class Remuxed:
    path: Path
    start_s: float
    read_bytes: dict[int, int]
    encoded_anew: bool
    notes: tuple[str, ...]


def remux(takes: Sequence[Take], stem: Path, *, end_s: float = math.inf) -> Remuxed:
    """Join ``takes`` into ``stem`` with the ending of its format; ``start_s`` is the room's second at which it begins.

    Nothing from the room's second ``end_s`` on is kept. A take without a picture is kept as sound. A take that cannot
    be read at all is left out and named in ``notes``. Raises :class:`MediaError` when none can.
    """
    scans: list[Scan] = []
    notes: list[str] = []
    for take in sorted(takes, key=lambda take: take.number):
        try:
            scans.append(take_scan(take))
        except MediaError:
            notes.append(f"Part {take.number} of the recording could not be read.")
    if not scans:
        raise MediaError("no_frames", NOTHING)
    everything = place(scans)
    placed = [take for take in everything if take.start_s < end_s]
    if not placed:
        raise MediaError("no_frames", NOTHING)
    if any(take.end_s > end_s for take in everything):
        notes.append(AFTER_THE_END)
    start_s = min(take.start_s for take in placed)
    placed = [replace(take, start_s=take.start_s - start_s) for take in placed]
    notes.extend(_without_picture(placed))
    alike = all(len({getattr(scan, kind) for scan in scans} - {None}) <= 1 for kind in ("video", "audio"))
    if alike:
        path = stem.with_name(stem.name + suffix_for(scans))
        copy(placed, path, end_s=end_s - start_s)
    else:
        path = stem.with_name(stem.name + ".mp4")
        encode(placed, path, end_s=end_s - start_s)
        notes.append("Parts of the recording had been made differently, so it was encoded anew.")
    return Remuxed(path, start_s, {scan.take.number: scan.read_bytes for scan in scans}, not alike, tuple(notes))


def _without_picture(placed: Sequence[Placed]) -> list[str]:
    """Sentences on the takes that have sound alone, with the file's seconds."""
    shown = np.array([(take.start_s, take.end_s) for take in placed if take.scan.video])
    silent = [take for take in placed if not take.scan.video]
    if not len(shown):
        return [NO_PICTURE]
    end_s = max(take.end_s for take in placed)
    sentences = []
    for from_s, to_s in holes(shown, duration_s=end_s, longer_than_s=SEAM_S):
        if not any(take.start_s < to_s and take.end_s > from_s for take in silent):
            continue  # nothing was recorded then
        if from_s == 0:
            sentences.append(f"There is no picture until {to_s:.1f} s, only sound.")
        elif to_s >= end_s - SEAM_S:
            sentences.append(f"There is no picture from {from_s:.1f} s on, only sound.")
        else:
            sentences.append(f"There is no picture from {from_s:.1f} to {to_s:.1f} s, only sound.")
    return sentences


def suffix_for(scans: Sequence[Scan]) -> str:
    """The format that browsers play these codecs in."""
    video = next((scan.video[0] for scan in scans if scan.video), None)
    audio = next((scan.audio[0] for scan in scans if scan.audio), None)
    for suffix, (videos, audios) in ((".webm", WEBM), (".mp4", MP4)):
        if (video is None or video in videos) and (audio is None or audio in audios):
            return suffix
    return ".mkv"


def copy(placed: Sequence[Placed], path: Path, *, end_s: float) -> None:
    """Writes the packets of all takes up to ``end_s`` in the order of their time, without transcoding."""
    with ExitStack() as stack:
        opened = open_all(placed, stack)
        output = stack.enter_context(av.open(str(path), "w", container_options=CONTAINER_OPTIONS[path.suffix]))
        writer = PacketWriter(output, [stream for take in opened for stream in take.streams])
        for _, packet in merged(opened, end_s=end_s):
            writer.write(packet)


def main(request: Any) -> None:
    takes = [
        Take(int(take["number"]), float(take["offset_s"]), tuple(Path(part) for part in take["parts"]))
        for take in request["takes"]
    ]
    try:
        done = remux(takes, Path(request["stem"]), end_s=float(request["end_s"]))
    except MediaError as error:
        print(json.dumps({"ok": False, "sentence": error.sentence}))
        return
    answer = {
        "ok": True,
        "path": str(done.path),
        "start_s": round(done.start_s, 6),
        "takes": [{"number": number, "read_bytes": count} for number, count in done.read_bytes.items()],
        "encoded_anew": done.encoded_anew,
        "notes": done.notes,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main(json.load(sys.stdin))
