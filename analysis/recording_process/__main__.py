"""The program that analyses one recording: ``python -m analysis.recording_process FOLDER``.

It reads a :class:`analysis.recording_process.results.Request` as JSON from standard input. Standard output is one JSON
object a line: ``{"stage", "fraction"}`` on the way; at the end ``{"done": true}``, and the result is in ``FOLDER`` (see
:mod:`analysis.recording_process.results`), or ``{"refused": code, "sentence"}``. It imports no Django.
"""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import msgspec

from analysis.pipeline import Progress, analyze_recording
from analysis.recording_process.results import RESULT, Request, encode
from ml.media.errors import MediaError


def main(folder: Path) -> None:
    logging.basicConfig(level="WARNING", format="%(levelname)s %(name)s: %(message)s")
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=Request)
    try:
        analysis = analyze_recording(
            request.path,
            options=request.options,
            models=_paths(request.models),
            shadows=_paths(request.shadows),
            progress=_tell,
        )
    except MediaError as error:
        _emit(refused=error.code, sentence=error.sentence)
        return
    (folder / RESULT).write_bytes(encode(analysis))
    _emit(done=True)


def _paths(folders: dict[str, str] | None) -> dict[str, Path] | None:
    return None if folders is None else {modality: Path(folder) for modality, folder in folders.items()}


def _tell(progress: Progress) -> None:
    _emit(stage=progress.stage, fraction=round(progress.fraction, 4))


def _emit(**line: Any) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
