"""Builds recordings of two people from different pairs and measures whose speech the analysis says it is.

The truth is voice activity on each voice by itself. Of the seconds in which somebody speaks, those are right that are
attributed to somebody who does; where both speak, either is right. No constant was chosen on the people of the reported
set.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.arrays import Bool
from ml.benchmarks.speakers.arrays import LAYOUTS, Recording
from ml.benchmarks.speakers.people import REPORTED
from ml.benchmarks.speakers.recordings import recordings
from ml.offline.speakers import attribute
from ml.spans import Span
from ml.voice.attribution import Attribution

EACH: Final = 6
"""Interviewers for each candidate."""
STEP_S: Final = 0.02
OUTCOMES: Final = ("right", "wrong", "unknown", "missed")
KINDS: Final = ("two people", "candidate alone", "voice out of view")


def measure(
    videos: Path,
    data: Path,
    which: str = REPORTED,
    *,
    each: int = EACH,
    kept: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, Any]:
    """All figures, as ``benchmark_speakers --json`` writes them. ``videos``: folder with recordings of people who talk
    in view, and of others who are silent; ``data``: folder with ``ravdess/`` and ``ordinary_talk/``. ``kept``: folder
    for the arrays of the built recordings. Raises :class:`TrainingError`."""
    rows = [_row(recording) for recording in recordings(videos, data, which, each=each, kept=kept, progress=progress)]
    kinds = {kind: [row for row in rows if row["kind"] == kind] for kind in KINDS}
    return {
        "set": which,
        "recordings": rows,
        "kinds": {
            kind: {layout: _total([row[layout] for row in of]) for layout in LAYOUTS} | {"recordings": len(of)}
            for kind, of in kinds.items()
            if of
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
    lines = [f"whose speech, in built recordings of the {figures['set']} set"]
    for kind, row in figures["kinds"].items():
        lines.append(f"  {kind}, {row['recordings']} recordings")
        for layout in LAYOUTS:
            shares = "  ".join(f"{outcome} {row[layout][outcome]:6.1%}" for outcome in OUTCOMES)
            lowest, speech_s = row[layout]["lowest"], row[layout]["speech_s"]
            lines.append(f"    {layout:13} {shares}  of {speech_s:.0f} s; lowest recording {lowest:.1%} right")
    for row in figures["recordings"]:
        found = "  ".join(f"{layout} {row[layout]['right']:6.1%}" for layout in LAYOUTS)
        lines.append(f"    {row['candidate'][:28]:28} {row['interviewer'][:24]:24} {found}")
    return "\n".join(lines)


def _row(recording: Recording) -> dict[str, Any]:
    kind = KINDS[0] if recording.answers and recording.questions else KINDS[1 if recording.answers else 2]
    row: dict[str, Any] = {"candidate": recording.candidate, "interviewer": recording.interviewer, "kind": kind}
    for layout, heard in recording.heard.items():
        attribution = attribute(heard.voice, heard.frames, heard.own, recording.mouth).attribution
        row[layout] = outcomes(attribution, recording.answers, recording.questions)
    return row


def _total(shares: Sequence[dict[str, float]]) -> dict[str, float]:
    weights = [of["speech_s"] for of in shares]
    return {
        outcome: round(float(np.average([of[outcome] for of in shares], weights=weights)), 4) for outcome in OUTCOMES
    } | {"speech_s": round(sum(weights), 1), "lowest": min(of["right"] for of in shares)}


def _covered(spans: tuple[Span, ...], steps: int) -> Bool:
    covered = np.zeros(steps, np.bool_)
    for start_s, end_s in spans:
        covered[round(start_s / STEP_S) : round(end_s / STEP_S)] = True
    return covered
