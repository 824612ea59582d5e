"""The built recordings of a set: dialogues of different pairs, and two kinds of control.

The controls are the candidate alone, who pauses in view, and a voice from elsewhere over a face that is silent.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from ml.arrays import Samples
from ml.benchmarks.speakers.arrays import Recording, heard_in
from ml.benchmarks.speakers.dialogue import LENGTH_S, Dialogue, dialogue
from ml.benchmarks.speakers.people import DEVELOPMENT, RATE_HZ, REPORTED, Talker, people_in, voices
from ml.faces.mouth import MouthMovement
from ml.training.errors import TrainingError

ALONE_EACH: Final = 1
"""Recordings of each candidate alone."""
ALONE: Final = "nobody"
OUT_OF_VIEW: Final = "nobody in view"
"""The name of an interviewer who is not there, and of a candidate who is silent."""
SEEDS: Final = {DEVELOPMENT: 500, REPORTED: 900}
SILENCE: Final = np.zeros(round(LENGTH_S * RATE_HZ), np.float32)


def recordings(
    videos: Path,
    data: Path,
    which: str,
    *,
    each: int,
    kept: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Recording]:
    """Of the set ``which``, with ``each`` interviewers for a candidate. They are read from the folder ``kept`` if it
    has them, and put there otherwise. Raises :class:`TrainingError`."""
    paths = sorted(kept.glob(f"{which}-*.npz")) if kept is not None else []
    if paths:
        return [Recording.load(path) for path in paths]
    candidates, listeners = people_in(videos, which)
    if not candidates or not listeners:
        missing = "talks" if not candidates else "is silent"
        raise TrainingError(f"{videos} has nobody who {missing} in view for the {which} set.")
    interviewers = list(islice(voices(data, which), each * len(candidates) + 1))
    if len(interviewers) <= each * len(candidates):
        raise TrainingError(f"{data} has too few voices for the {which} set.")
    total = (each + ALONE_EACH) * len(candidates) + len(listeners)
    found = []
    for number, (candidate, interviewer, built) in enumerate(
        _built(candidates, listeners, interviewers, each, SEEDS[which])
    ):
        found.append(Recording(candidate, interviewer, built.mouth, built.answers, built.questions, heard_in(built)))
        progress(number + 1, total)
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        for number, recording in enumerate(found):
            recording.save(kept / f"{which}-{number:03}.npz")
    return found


def _built(
    candidates: Sequence[Talker],
    listeners: Sequence[MouthMovement],
    interviewers: Sequence[tuple[str, Samples]],
    each: int,
    seed: int,
) -> Iterator[tuple[str, str, Dialogue]]:
    """(candidate, interviewer, the two) of every recording."""
    *dialogues, (name, voice) = interviewers
    for number, (interviewer, sound) in enumerate(dialogues):
        candidate = candidates[number // each]
        yield candidate.name, interviewer, dialogue(candidate, listeners[number % len(listeners)], sound, seed + number)
    seed += len(dialogues)
    for number in range(ALONE_EACH * len(candidates)):
        candidate = candidates[number // ALONE_EACH]
        yield candidate.name, ALONE, dialogue(candidate, listeners[number % len(listeners)], SILENCE, seed + number)
    seed += ALONE_EACH * len(candidates)
    for number, listener in enumerate(listeners):
        first_s = float(listener.times_s[0])
        silent = Talker(OUT_OF_VIEW, listener, SILENCE, ((first_s, first_s + 1.2),))
        yield silent.name, name, dialogue(silent, listener, voice, seed + number)
