"""Clips of RAVDESS and nEMO, all of them, in which too little speech is found for a window."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ml.benchmarks.voice.clips import clips
from ml.benchmarks.voice.detection import detect


def measure(data: Path, *, progress: Callable[[int, int], None] = lambda done, of: None) -> dict[str, Any]:
    """By corpus the number of its clips and the stems of those without a window of speech."""
    both = [clip for corpus in ("ravdess", "nemo") for clip in clips(data, corpus)]
    rows: dict[str, dict[str, Any]] = {}
    for done, clip in enumerate(both, start=1):
        row = rows.setdefault(clip.corpus, {"clips": 0, "unread": []})
        row["clips"] += 1
        if not detect(*clip.read()).windows:
            row["unread"].append(clip.path.stem)
        progress(done, len(both))
    return rows


def text(figures: dict[str, Any]) -> str:
    """The figures for a terminal."""
    return "\n".join(f"  {name}: {len(row['unread'])} of {row['clips']} clips unread" for name, row in figures.items())
