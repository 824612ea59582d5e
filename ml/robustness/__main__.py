"""Corrupted copies of stretches of one recording: ``python -m ml.robustness FILE FOLDER``.

It reads ``{"stretches": [[start_s, end_s], ...], "fps": number}`` as JSON from standard input and writes into
``FOLDER``. Standard output is one JSON object a line: ``{"progress": 0..1}`` on the way; at the end ``{"done": [{"key",
"file", "window"}, ...]}`` or ``{"error": sentence}``. ``key`` is one of :data:`ml.robustness.corruptions.CORRUPTIONS`,
``file`` a name in ``FOLDER``, and ``window`` what the copy shows of the picture: left, top, right and bottom, 0..1.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any, Final

import cv2

from ml.media.errors import MediaError
from ml.robustness.copies import write_copies
from ml.robustness.corruptions import CORRUPTIONS
from ml.thread_limits import limit_threads
from ml.track_selection import recording_info

TELL_EVERY_S: Final = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.robustness", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    asked = json.load(sys.stdin)
    limit_threads()
    cv2.setNumThreads(1)
    try:
        info = recording_info(given.file, needs_picture=False)
        stretches = [(float(start_s), float(end_s)) for start_s, end_s in asked["stretches"]]
        paths = write_copies(
            given.file, info, given.folder, stretches=stretches, fps=float(asked["fps"]), tell=_Progress()
        )
    except MediaError as error:
        _emit(error=error.sentence)
        return
    _emit(done=[{"key": key, "file": path.name, "window": CORRUPTIONS[key].window} for key, path in paths.items()])


class _Progress:
    """Writes the progress, at most twice a second."""

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
