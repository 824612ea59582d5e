"""Builds recordings of two people from different pairs and measures whose speech the analysis says it is.

The truth is voice activity on each voice by itself. Of the seconds in which somebody speaks, those are right that are
attributed to somebody who does; where both speak, either is right. The interviewers' voices were not used to choose any
constant.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml import artifacts
from ml.arrays import Bool
from ml.benchmarks.speakers.dialogue import Dialogue, dialogue
from ml.benchmarks.speakers.people import people_in, voices
from ml.modalities import SPEECH_EMOTION
from ml.offline.speech_runner import SpeechRunner
from ml.spans import Span
from ml.track_selection import recording_info
from ml.training.errors import TrainingError
from ml.voice.attribution import Attribution

LAYOUTS: Final = ("two channels", "mixed")
EACH: Final = 3
"""Interviewers for each candidate."""
STEP_S: Final = 0.02
OUTCOMES: Final = ("right", "wrong", "unknown", "missed")


def measure(
    videos: Path, data: Path, *, each: int = EACH, progress: Callable[[int, int], None] = lambda done, of: None
) -> dict[str, Any]:
    """All figures, as ``benchmark_speakers --json`` writes them. ``videos``: folder with recordings of people who talk
    in view, and of others who are silent; ``data``: folder with ``ravdess/`` and ``ordinary_talk/``. Raises
    :class:`TrainingError`."""
    candidates, listeners = people_in(videos)
    if not candidates or not listeners:
        missing = "talks" if not candidates else "is silent"
        raise TrainingError(f"{videos} holds no recording of somebody who {missing} in view.")
    interviewers = voices(data)
    rows: list[dict[str, Any]] = []
    for number, talker in enumerate(candidate for candidate in candidates for _ in range(each)):
        name, voice = next(interviewers, ("", None))
        if voice is None:
            raise TrainingError(f"{data} holds too few voices.")
        built = dialogue(talker, listeners[number % len(listeners)], voice, number)
        shares = _measured(built)
        rows.append({"candidate": talker.name, "interviewer": name, **shares})
        progress(number + 1, each * len(candidates))
    return {
        "recordings": rows,
        "layouts": {
            layout: {
                outcome: round(float(np.average([row[layout][outcome] for row in rows], weights=_weights(rows))), 4)
                for outcome in OUTCOMES
            }
            | {"speech_s": round(sum(_weights(rows)), 1), "lowest": min(row[layout]["right"] for row in rows)}
            for layout in LAYOUTS
        },
    }


def outcomes(found: Attribution, answers: tuple[Span, ...], questions: tuple[Span, ...]) -> dict[str, float]:
    """Shares of the seconds of speech that are right, attributed to somebody who does not speak, not attributed, and
    not found; and the seconds."""
    end_s = max(end_s for _, end_s in (*answers, *questions))
    steps = round(end_s / STEP_S)
    mine, theirs = _covered(answers, steps), _covered(questions, steps)
    candidate, other, unknown = (_covered(spans, steps) for spans in (found.candidate, found.other, found.unknown))
    speech = mine | theirs
    right = (candidate & mine) | (other & theirs)
    counted = {
        "right": right,
        "wrong": (candidate | other) & ~right,
        "unknown": unknown & ~candidate & ~other,
        "missed": ~candidate & ~other & ~unknown,
    }
    shares = {
        outcome: round(float((flags & speech).sum() / max(1, speech.sum())), 4) for outcome, flags in counted.items()
    }
    return {**shares, "speech_s": round(float(speech.sum()) * STEP_S, 1)}


def text(figures: dict[str, Any]) -> str:
    """The figures for a terminal."""
    lines = [f"whose speech, on {len(figures['recordings'])} built recordings of two people"]
    for layout, row in figures["layouts"].items():
        shares = "  ".join(f"{outcome} {row[outcome]:6.1%}" for outcome in OUTCOMES)
        lines.append(f"  {layout:13} {shares}  of {row['speech_s']:.0f} s; lowest recording {row['lowest']:.1%}")
    for row in figures["recordings"]:
        found = "  ".join(f"{layout} {row[layout]['right']:6.1%}" for layout in LAYOUTS)
        lines.append(f"    {row['candidate'][:28]:28} {row['interviewer'][:24]:24} {found}")
    return "\n".join(lines)


def _measured(built: Dialogue) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        paths = {layout: Path(folder) / f"{layout}.mp4" for layout in LAYOUTS}
        for layout, path in paths.items():
            built.write(path, separate=layout == LAYOUTS[0])
        found = {}
        for layout, path in paths.items():
            speech = SpeechRunner(
                path, recording_info(path), check=lambda: None, find=lambda: artifacts.find(SPEECH_EMOTION)
            )
            speech.start()
            speech.finish()
            if speech.analysis is None:
                raise TrainingError(speech.problem)
            speech.attribute(built.mouth)
            found[layout] = outcomes(speech.speakers.attribution, built.answers, built.questions)
    return found


def _covered(spans: tuple[Span, ...], steps: int) -> Bool:
    covered = np.zeros(steps, np.bool_)
    for start_s, end_s in spans:
        covered[round(start_s / STEP_S) : round(end_s / STEP_S)] = True
    return covered


def _weights(rows: list[dict[str, Any]]) -> list[float]:
    return [row[LAYOUTS[0]]["speech_s"] for row in rows]
