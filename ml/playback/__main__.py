"""The playable copy and the poster of one recording, as a program of its own.

``python -m ml.playback FILE FOLDER [--copy needed|always|none] [--poster-at SECOND]`` writes into ``FOLDER``. Standard
output is one JSON object a line: ``{"progress": 0..1}`` on the way; at the end ``{"done": {"obstacle", "copy",
"poster"}}`` or ``{"error": sentence}``. ``obstacle`` says why browsers do not play the file; ``copy`` and ``poster``
are names of files in ``FOLDER``, or null.

A copy is ``needed`` where browsers do not play the file. With ``always`` it is made of every file, and encoded where
nothing else is known to be wrong with it.
"""

import argparse
import json
import logging
import time
from pathlib import Path
from typing import Any, Final

from ml.media.errors import MediaError
from ml.playback.copying import playable_copy
from ml.playback.poster import write_poster
from ml.track_selection import recording_info

POSTER_AT: Final = 0.1
"""Share of the recording at which the poster is taken, where no second is given."""
TELL_EVERY_S: Final = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.playback", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--copy", choices=("needed", "always", "none"), default="needed")
    parser.add_argument("--poster-at", type=float, help="the recording's second that the poster shows")
    given = parser.parse_args()
    try:
        _emit(done=_make(given))
    except MediaError as error:
        _emit(error=error.sentence)


def _make(given: argparse.Namespace) -> dict[str, str | None]:
    info = recording_info(given.file, needs_picture=False)
    playable: Path | None = None if info.browser_obstacle else given.file
    copy: Path | None = None
    if given.copy == "always" or (given.copy == "needed" and info.browser_obstacle):
        may_copy_packets = bool(info.browser_obstacle)
        stem = given.folder / "copy"
        copy = playable = playable_copy(given.file, info, stem, tell=_Progress(), may_copy_packets=may_copy_packets)
    poster: Path | None = None
    if info.video is not None and playable is not None:
        poster = given.folder / "poster.jpg"
        at_s = info.duration_s * POSTER_AT if given.poster_at is None else given.poster_at
        try:
            write_poster(playable, poster, at_s=at_s)
        except MediaError:
            logging.getLogger(__name__).warning("no poster could be made")
            poster = None
    return {
        "obstacle": info.browser_obstacle,
        "copy": copy.name if copy is not None else None,
        "poster": poster.name if poster is not None else None,
    }


class _Progress:
    """Writes the progress, at most once a second."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def __call__(self, fraction: float) -> None:
        now = time.monotonic()
        if now - self._told_at >= TELL_EVERY_S:
            self._told_at = now
            _emit(progress=round(min(1.0, max(0.0, fraction)), 4))


def _emit(**line: Any) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
