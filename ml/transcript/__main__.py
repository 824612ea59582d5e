"""The transcript of one recording, as a program of its own: ``python -m ml.transcript FILE --duration SECONDS``.

Native code that decodes uploaded sound runs here, at a low priority, and its memory is freed with the process. Standard
output is one JSON object a line: ``{"progress": 0..1}`` on the way; at the end either ``{"error": sentence}`` or one
``{"sentence": {...}}`` each, in order, and ``{"done": {...}}`` with the fields of
:class:`ml.transcript.transcriber.Transcription` besides its sentences.
"""

import argparse
import dataclasses
import json
import logging
from pathlib import Path
from typing import Any

from ml.media.errors import MediaError
from ml.transcript.transcriber import transcribe
from ml.whisper import WhisperMissing

UNINSTALLED = "The model that writes transcripts cannot be used on this server; ask your administrator."


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.transcript", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--duration", type=float, required=True, help="seconds of the recording")
    parser.add_argument("--english", action="store_true", help="somebody said that English is spoken")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    try:
        made = transcribe(
            given.file,
            duration_s=given.duration,
            is_english=given.english,
            threads=given.threads,
            progress=lambda fraction: _emit(progress=round(fraction, 4)),
        )
    except MediaError as error:
        _emit(error=error.sentence)
        return
    except WhisperMissing as error:
        logging.getLogger(__name__).error("%s", error)
        _emit(error=UNINSTALLED)
        return
    for sentence in made.sentences:
        _emit(sentence=dataclasses.asdict(sentence))
    _emit(done={key: value for key, value in dataclasses.asdict(made).items() if key != "sentences"})


def _emit(**line: Any) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
